// SPDX-License-Identifier: Apache-2.0
// pushy, on the JVM. Run by tests/bench/push/run --pushy CHECKOUT, which compiles both.
import com.eatthepath.pushy.apns.ApnsClient;
import com.eatthepath.pushy.apns.ApnsClientBuilder;
import com.eatthepath.pushy.apns.DeliveryPriority;
import com.eatthepath.pushy.apns.PushType;
import com.eatthepath.pushy.apns.auth.ApnsSigningKey;
import com.eatthepath.pushy.apns.util.SimpleApnsPushNotification;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** DIRECTORY PORT COUNT IN_FLIGHT CONNECTIONS: the same counts, clocks and JSON line as the other peers. */
public final class Pushy {
    private static final String PAYLOAD =
        "{\"aps\":{},\"cc_param\":\"" + "x".repeat(300) + "\",\"type\":\"ring\"}";

    private final ApnsClient client;
    private final int inFlight;
    private final Instant expiration = Instant.now().plusSeconds(45);

    private Pushy(ApnsClient client, int inFlight) {
        this.client = client;
        this.inFlight = inFlight;
    }

    private int run(int total) throws InterruptedException {
        final Semaphore room = new Semaphore(inFlight);
        final CountDownLatch done = new CountDownLatch(total);
        final AtomicInteger accepted = new AtomicInteger();
        for (int number = 0; number < total; ++number) {
            room.acquire();
            final String token = String.format("%064x", number + 0x1000000);
            client.sendNotification(new SimpleApnsPushNotification(
                token, "com.example.app.voip", PAYLOAD, expiration, DeliveryPriority.IMMEDIATE, PushType.VOIP
            )).whenComplete((answer, failure) -> {
                if (failure == null && answer.isAccepted()) accepted.incrementAndGet();
                room.release();
                done.countDown();
            });
        }
        done.await();
        return accepted.get();
    }

    /** Of all threads, user and system, in seconds. */
    private static double cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
    }

    private static double memory() throws java.io.IOException {
        for (final String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) return Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
        }
        return 0;
    }

    public static void main(String[] arguments) throws Exception {
        final String directory = arguments[0];
        final int count = Integer.parseInt(arguments[2]);
        final ApnsClient client = new ApnsClientBuilder()
            .setApnsServer("localhost", Integer.parseInt(arguments[1]))
            .setTrustedServerCertificateChain(new File(directory, "ca.pem"))
            .setSigningKey(ApnsSigningKey.loadFromPkcs8File(
                new File(directory, "AuthKey_BENCHKEY01.p8"), "BENCHTEAM1", "BENCHKEY01"))
            .setConcurrentConnections(Integer.parseInt(arguments[4]))
            .build();
        final Pushy pushy = new Pushy(client, Integer.parseInt(arguments[3]));
        pushy.run(Math.max(count, 50_000));  // The virtual machine compiles what is hot.
        final double before = cpu();
        final long start = System.nanoTime();
        final int accepted = pushy.run(count);
        final double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
            "{\"count\":%d,\"accepted\":%d,\"seconds\":%.4f,\"cpu\":%.4f,\"rss_mb\":%.1f}%n",
            count, accepted, seconds, cpu() - before, memory());
        System.exit(0);
    }
}
