// SPDX-License-Identifier: Apache-2.0
package io.clarion.lab.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import android.view.ViewGroup;
import io.clarion.android.CallActivity;
import io.clarion.android.Clarion;
import java.io.IOException;
import java.util.List;
import org.junit.Test;

/**
 * The process dies at every call that it makes into the system, in a loop, with the system starting its service again or
 * not. Whatever the step: a tap that took effect on the screen reaches the server, one that did not can be made again,
 * and when all is over nothing is left.
 */
public final class DeathTest extends PhoneTest {
    private interface Story {
        /** What the user does, on what is on the screen. Called again after each death until it returns true. */
        boolean act();
    }

    @Test
    public void anAcceptSurvivesTheDeathAtEveryStep() throws IOException {
        everywhere("answered", () -> {
            if (!"ringing".equals(server.state(CALL))) return true;
            if (rings()) phone.tap(answerOf(incoming()));
            return false;
        });
    }

    @Test
    public void aDeclineSurvivesTheDeathAtEveryStep() throws IOException {
        everywhere("decline", () -> {
            if (!"ringing".equals(server.state(CALL))) return true;
            if (rings()) phone.tap(declineOf(incoming()));
            return false;
        });
    }

    /** The page over the lock screen is an activity: it dies with its process, and the notification is what is left. */
    @Test
    public void anAcceptOnTheLockScreenSurvivesTheDeathAtEveryStep() throws IOException {
        locked = true;
        everywhere("answered", () -> {
            if (!"ringing".equals(server.state(CALL))) return true;
            CallActivity page = phone.activities.find(CallActivity.class);
            if (page != null && page.content != null) {
                phone.run(((ViewGroup) page.content).children.get(1)::tap);
                phone.settle();
            } else if (rings()) {
                phone.tap(answerOf(incoming()));
            }
            return false;
        });
    }

    @Test
    public void aHangUpSurvivesTheDeathAtEveryStep() throws IOException {
        int steps = 0;
        for (boolean restarts : List.of(true, false)) {
            boolean died = true;
            for (int step = 1; died; ++step) {
                begin(NEWEST);
                ring();
                accept();
                mediaConnect();
                phone.restartsServices = restarts;
                phone.dieAtStep(step);
                int last = phone.steps() + step;
                phone.tap(phone.shade.ongoing().notification.callStyle.decline);
                phone.advance(2_000);
                died = phone.steps() >= last;
                phone.dieAtStep(-1);
                phone.openApp();
                phone.advance(2_000);
                String where = "step " + step + ", restarts " + restarts;
                // One that died before it knew of the tap ends the call because its voice is gone.
                assertTrue(where + ": " + server.state(CALL), List.of("normal", "app_destroy").contains(server.state(CALL)));
                phone.advance(70_000);
                assertQuiet();
                assertEquals(where, 1, count(MainActivity.kinds(), "ended"::equals));
                assertEquals(where, List.of(), phone.violations);
                steps = Math.max(steps, step);
            }
        }
        assertTrue("a hang-up has many steps, not " + steps, steps > 8);
    }

    /** Without a service the notification outlives the process: it may become a ghost. */
    @Test
    public void aDeclineOfARingWithoutAServiceSurvivesTheDeathAtEveryStep() throws IOException {
        highPriority = false;
        aDeclineSurvivesTheDeathAtEveryStep();
    }

    private boolean highPriority = true;
    private boolean locked;

    @Test
    public void aRingThatNobodyAnswersLeavesOneNoticeWhateverDies() throws IOException {
        for (boolean restarts : List.of(true, false)) {
            for (int step = 1; story(step, restarts, () -> true); ++step) {
                phone.advance(30_000);
                push(server.over(CALL, "cancel"));
                phone.openApp();
                phone.advance(2_000);
                String where = "step " + step + ", restarts " + restarts;
                assertEquals(where, 1, phone.shade.all().size());
                assertTrue(where, phone.shade.missed() != null);
                assertEquals(where, List.of(), phone.violations);
            }
        }
    }

    private void everywhere(String outcome, Story user) throws IOException {
        int steps = 0;
        for (boolean restarts : List.of(true, false)) {
            for (int step = 1; story(step, restarts, user); ++step) {
                steps = Math.max(steps, step);
                String where = "step " + step + ", restarts " + restarts;
                // A call whose process died after the answer ends with a reason: its media are gone.
                String now = server.state(CALL).equals("app_destroy") && !server.answered.isEmpty() ? "answered" : server.state(CALL);
                assertEquals(where + ": " + phone.logged, outcome, now);
                phone.ensureProcess();
                phone.run(() -> Clarion.end(phone.process().context, CALL));
                phone.advance(70_000);
                assertQuiet();
                assertEquals(where, List.of(), phone.violations);
            }
        }
        assertTrue("a ring has many steps, not " + steps, steps > 30);
    }

    /** False: it ran to its end, there was no such step. */
    private boolean story(int step, boolean restarts, Story user) throws IOException {
        begin(NEWEST);
        phone.restartsServices = restarts;
        if (locked) phone.lock();
        phone.dieAtStep(step);
        int last = phone.steps() + step;
        phone.push(server.call(CALL), highPriority);
        phone.advance(500);
        for (int turn = 0; turn < 40 && !user.act(); ++turn) {
            phone.advance(1_000);
            // A process that nobody starts again knows nothing: the push service's second try, or the user, wakes it.
            if (turn == 5 && !rings()) push(server.push(CALL, "ring", 60_000, null));
        }
        phone.advance(1_000);
        boolean died = phone.steps() >= last;
        phone.dieAtStep(-1);
        return died;
    }
}
