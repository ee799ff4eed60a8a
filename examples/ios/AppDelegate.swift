// SPDX-License-Identifier: Apache-2.0
import ClarionSwift
import UIKit

@main
final class AppDelegate: UIResponder, UIApplicationDelegate {
    private(set) var calls: Calls?

    func application(
        _ application: UIApplication, didFinishLaunchingWithOptions options: [UIApplication.LaunchOptionsKey: Any]?
    ) -> Bool {
        let account = Account.stored  // Who is signed in: readable before the first unlock, as a push needs it.
        let configuration = CLRConfiguration()
        configuration.server = account.server
        configuration.service = account.service
        configuration.user = account.user
        configuration.device = account.device
        configuration.token = account.token
        configuration.directory = URL.applicationSupportDirectory.appending(path: "clarion")
        configuration.opener = account.opener
        configuration.media = WebRTCMedia()
        calls = try? Calls(configuration)
        calls?.token = { _ in try? await account.freshToken() }
        calls?.attach()
        Task { [calls] in
            guard let calls else { return }
            for await event in calls.events { CallView.shared.show(event) }
        }
        return true
    }

    func application(
        _ application: UIApplication, continue activity: NSUserActivity,
        restorationHandler: @escaping ([UIUserActivityRestoring]?) -> Void
    ) -> Bool { calls?.continue(activity) ?? false }
}
