// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.clarion.android.Link;
import io.clarion.android.OkHttpLink;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** The shell's own connection, over a socket: OkHttp against a server of RFC 6455 that does as it is told. */
public final class LinkTest {
    private static final int DEADLINE_SECONDS = 30;
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private ServerSocket listening;
    private Socket client;
    private Link link;

    private final class Told implements Link.Listener {
        @Override
        public void opened() {
            told.add("opened");
        }

        @Override
        public void closed(String fault) {
            told.add("closed: " + fault);
        }

        @Override
        public void received(String text) {
            told.add("received: " + text);
        }
    }

    @Before
    public void begin() throws IOException {
        listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        link = new OkHttpLink("http://127.0.0.1:" + listening.getLocalPort(), new Told());
    }

    @After
    public void end() throws IOException {
        link.close();
        if (client != null) client.close();
        listening.close();
    }

    // ---- the server's side ----

    private void connect() throws Exception {
        link.open();
        client = listening.accept();
        client.setSoTimeout(DEADLINE_SECONDS * 1_000);
        DataInputStream in = new DataInputStream(client.getInputStream());
        String request = head(in);
        assertTrue(request, request.startsWith("GET /v1/connect HTTP/1.1\r\n"));
        String key = request.replaceAll("(?is).*\r\nSec-WebSocket-Key: ([^\r]+)\r\n.*", "$1");
        byte[] digest = MessageDigest.getInstance("SHA-1")
                .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
        write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        Thread reader = new Thread(() -> read(in));
        reader.setDaemon(true);
        reader.start();
        assertEquals("opened", next(told));
    }

    private static String head(DataInputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (!text.toString().endsWith("\r\n\r\n")) text.append((char) in.readUnsignedByte());
        return text.toString();
    }

    private void write(byte[] bytes) throws IOException {
        OutputStream out = client.getOutputStream();
        out.write(bytes);
        out.flush();
    }

    /** Every frame of the client: its opcode and its text; "close" and the code. */
    private void read(DataInputStream in) {
        try {
            while (true) {
                int opcode = in.readUnsignedByte() & 15;
                int length = in.readUnsignedByte() & 127;
                if (length == 126) length = in.readUnsignedShort();
                byte[] mask = in.readNBytes(4);
                byte[] bytes = in.readNBytes(length);
                for (int i = 0; i < bytes.length; ++i) bytes[i] ^= mask[i % 4];
                if (opcode == 1) received.add(new String(bytes, StandardCharsets.UTF_8));
                if (opcode == 8) received.add("close " + (((bytes[0] & 255) << 8) | (bytes[1] & 255)));
            }
        } catch (IOException over) {
            received.add("gone");
        }
    }

    private void send(int opcode, byte[] bytes) throws IOException {
        byte[] frame = new byte[bytes.length + 2];
        frame[0] = (byte) (128 | opcode);
        frame[1] = (byte) bytes.length;
        System.arraycopy(bytes, 0, frame, 2, bytes.length);
        write(frame);
    }

    private void close(int code) throws IOException {
        send(8, new byte[] {(byte) (code >> 8), (byte) code});
    }

    private static String next(BlockingQueue<String> queue) throws InterruptedException {
        return queue.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    // ---- what it shows ----

    @Test
    public void textGoesBothWaysAsItIs() throws Exception {
        connect();
        link.send("{\"name\":\"Zoë 📞\"}");
        assertEquals("{\"name\":\"Zoë 📞\"}", next(received));
        send(1, "{\"name\":\"Ⅻ 🦊\"}".getBytes(StandardCharsets.UTF_8));
        assertEquals("received: {\"name\":\"Ⅻ 🦊\"}", next(told));
    }

    @Test
    public void theServersCloseCodesAreTheEnginesFaults() throws Exception {
        // Not 1013: the OkHttp of Debian (3.13) takes it for a breach of the protocol, the one that Gradle names does not.
        Object[][] rows = {{1000, "closed"}, {1001, "closed"}, {1002, "protocol_error"}, {1009, "protocol_error"}, {4001, "replaced"}, {4003, "refused"}};
        for (Object[] row : rows) {
            connect();
            close((Integer) row[0]);
            assertEquals(row[0].toString(), "closed: " + row[1], next(told));
            client.close();
        }
    }

    @Test
    public void aConnectionThatBreaksIsClosedAndOneThatNeverWasIsUnreachable() throws Exception {
        connect();
        client.close();
        assertEquals("closed: closed", next(told));
        listening.close();
        link.open();
        assertEquals("closed: unreachable", next(told));
    }

    @Test
    public void afterCloseNothingOfTheOldConnectionIsToldAndANewOneOpens() throws Exception {
        connect();
        Socket old = client;
        link.close();
        assertEquals("close 1000", next(received));
        connect(); // "opened" is the next thing that is told.
        old.close();
        send(1, "new".getBytes(StandardCharsets.UTF_8));
        assertEquals("received: new", next(told));
        assertNull(told.poll());
    }

    @Test
    public void brokenTextIsAProtocolError() throws Exception {
        connect();
        send(3, new byte[0]); // An opcode that is reserved.
        assertEquals("closed: protocol_error", next(told));
    }
}
