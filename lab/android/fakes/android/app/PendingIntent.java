// SPDX-License-Identifier: Apache-2.0
package android.app;

import android.content.Context;
import android.content.Intent;
import android.os.Parcelable;
import io.clarion.lab.android.Api;
import io.clarion.lab.android.Lab;
import io.clarion.lab.android.Phone;

/** Lives in the system: it survives its process, and the same request is the same pending intent. */
public final class PendingIntent implements Parcelable {
    public static final int FLAG_IMMUTABLE = 67108864;

    @Api(31)
    public static final int FLAG_MUTABLE = 33554432;

    public static final int FLAG_UPDATE_CURRENT = 134217728;
    public static final int FLAG_NO_CREATE = 536870912;

    @Lab public final boolean startsActivity;
    @Lab public Intent intent;
    @Lab public boolean cancelled;

    private PendingIntent(boolean startsActivity, Intent intent) {
        this.startsActivity = startsActivity;
        this.intent = intent;
    }

    public static PendingIntent getActivity(Context context, int request, Intent intent, int flags) {
        return get(true, request, intent, flags);
    }

    public static PendingIntent getBroadcast(Context context, int request, Intent intent, int flags) {
        return get(false, request, intent, flags);
    }

    private static PendingIntent get(boolean startsActivity, int request, Intent intent, int flags) {
        Phone.step("PendingIntent");
        Phone phone = Phone.current();
        if (phone.api >= 31 && (flags & (FLAG_IMMUTABLE | FLAG_MUTABLE)) == 0) {
            throw new IllegalArgumentException(
                    "Targeting S+ (version 31 and above) requires that one of FLAG_IMMUTABLE or FLAG_MUTABLE be specified");
        }
        if ((flags & FLAG_MUTABLE) != 0 && phone.api >= 34 && intent.getComponent() == null) {
            throw new IllegalArgumentException("Targeting U+ disallows a mutable PendingIntent with an implicit Intent");
        }
        Object identity = java.util.Arrays.asList(startsActivity, request, intent.identity());
        PendingIntent known = phone.pendingIntents.get(identity);
        if (known == null) {
            known = new PendingIntent(startsActivity, new Intent(intent));
            phone.pendingIntents.put(identity, known);
        } else if ((flags & FLAG_UPDATE_CURRENT) != 0) {
            known.intent = new Intent(intent);
        }
        return known;
    }
}
