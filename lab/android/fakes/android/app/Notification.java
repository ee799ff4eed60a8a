// SPDX-License-Identifier: Apache-2.0
package android.app;

import android.content.Context;
import android.graphics.drawable.Icon;
import android.os.Bundle;
import android.os.Parcelable;
import io.clarion.lab.android.Api;
import io.clarion.lab.android.Lab;
import io.clarion.lab.android.Phone;
import java.util.ArrayList;
import java.util.List;

public class Notification implements Parcelable {
    public static final String CATEGORY_CALL = "call";

    @Api(31)
    public static final String CATEGORY_MISSED_CALL = "missed_call";

    public static final int FLAG_INSISTENT = 4;
    public static final int FLAG_ONGOING_EVENT = 2;
    public static final int FLAG_ONLY_ALERT_ONCE = 8;
    public static final int FLAG_AUTO_CANCEL = 16;
    public static final int VISIBILITY_PUBLIC = 1;

    public int flags;
    public int number;
    public long when;
    public String category;
    public PendingIntent contentIntent;
    public PendingIntent deleteIntent;
    public PendingIntent fullScreenIntent;
    public Action[] actions;

    @Lab public String title = "";
    @Lab public String text = "";
    @Lab public int icon;
    @Lab public boolean chronometer;
    @Lab public CallStyle callStyle;
    private String channel;
    private String group;
    private long timeoutAfter;

    public Notification() {}

    public String getChannelId() {
        return channel;
    }

    public String getGroup() {
        return group;
    }

    public long getTimeoutAfter() {
        return timeoutAfter;
    }

    public static class Action implements Parcelable {
        public PendingIntent actionIntent;
        public CharSequence title;

        private Action(CharSequence title, PendingIntent intent) {
            this.title = title;
            this.actionIntent = intent;
        }

        public static final class Builder {
            private final CharSequence title;
            private final PendingIntent intent;

            public Builder(Icon icon, CharSequence title, PendingIntent intent) {
                this.title = title;
                this.intent = intent;
            }

            public Action build() {
                return new Action(title, intent);
            }
        }
    }

    public abstract static class Style {}

    public static class CallStyle extends Style {
        @Lab public final boolean incoming;
        @Lab public final PendingIntent answer;
        @Lab public final PendingIntent decline;

        private CallStyle(boolean incoming, Person person, PendingIntent decline, PendingIntent answer) {
            if (person == null || person.getName() == null || person.getName().length() == 0) {
                throw new IllegalArgumentException("person must have a non-empty a name");
            }
            this.incoming = incoming;
            this.decline = java.util.Objects.requireNonNull(decline, "a CallStyle needs its intents");
            this.answer = answer;
        }

        @Api(31)
        public static CallStyle forIncomingCall(Person person, PendingIntent decline, PendingIntent answer) {
            Phone.since(31);
            return new CallStyle(true, person, decline, java.util.Objects.requireNonNull(answer, "answerIntent"));
        }

        @Api(31)
        public static CallStyle forOngoingCall(Person person, PendingIntent hangUp) {
            Phone.since(31);
            return new CallStyle(false, person, hangUp, null);
        }

        @Api(31)
        public CallStyle setIsVideo(boolean video) {
            Phone.since(31);
            return this;
        }

        @Api(31)
        public CallStyle setAnswerButtonColorHint(int color) {
            Phone.since(31);
            return this;
        }

        @Api(31)
        public CallStyle setDeclineButtonColorHint(int color) {
            Phone.since(31);
            return this;
        }
    }

    public static class Builder {
        private final Notification made = new Notification();
        private final List<Action> actions = new ArrayList<>();

        public Builder(Context context, String channel) {
            made.channel = channel;
        }

        public Builder setSmallIcon(int icon) {
            made.icon = icon;
            return this;
        }

        public Builder setContentTitle(CharSequence title) {
            made.title = title.toString();
            return this;
        }

        public Builder setContentText(CharSequence text) {
            made.text = text.toString();
            return this;
        }

        public Builder setCategory(String category) {
            made.category = category;
            return this;
        }

        public Builder setVisibility(int visibility) {
            return this;
        }

        public Builder setOngoing(boolean on) {
            return flag(FLAG_ONGOING_EVENT, on);
        }

        public Builder setOnlyAlertOnce(boolean on) {
            return flag(FLAG_ONLY_ALERT_ONCE, on);
        }

        public Builder setAutoCancel(boolean on) {
            return flag(FLAG_AUTO_CANCEL, on);
        }

        private Builder flag(int flag, boolean on) {
            made.flags = on ? made.flags | flag : made.flags & ~flag;
            return this;
        }

        public Builder setTimeoutAfter(long milliseconds) {
            made.timeoutAfter = milliseconds;
            return this;
        }

        public Builder setNumber(int number) {
            made.number = number;
            return this;
        }

        public Builder setGroup(String group) {
            made.group = group;
            return this;
        }

        public Builder setUsesChronometer(boolean on) {
            made.chronometer = on;
            return this;
        }

        public Builder setShowWhen(boolean on) {
            return this;
        }

        public Builder setWhen(long when) {
            made.when = when;
            return this;
        }

        public Builder setContentIntent(PendingIntent intent) {
            made.contentIntent = intent;
            return this;
        }

        public Builder setDeleteIntent(PendingIntent intent) {
            made.deleteIntent = intent;
            return this;
        }

        public Builder setFullScreenIntent(PendingIntent intent, boolean highPriority) {
            made.fullScreenIntent = intent;
            return this;
        }

        @Api(28)
        public Builder addPerson(Person person) {
            Phone.since(28);
            return this;
        }

        public Builder addAction(Action action) {
            actions.add(action);
            return this;
        }

        public Builder setStyle(Style style) {
            made.callStyle = style instanceof CallStyle call ? call : null;
            return this;
        }

        public Notification build() {
            made.actions = actions.toArray(new Action[0]);
            return made;
        }
    }
}
