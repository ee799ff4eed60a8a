// SPDX-License-Identifier: Apache-2.0
import Clarion
import Foundation

/// Why the engine refused: a code of clarion.h.
public struct CallRefused: Error {
    public let code: Int32
}

/// The Swift face of CLRClient: calls with `await`, events as a stream. It adds nothing but types.
public final class Calls: NSObject, CLRClientDelegate {
    public typealias Message = [String: Any]

    /// Every event exactly once and in order, however late somebody listens ("event" in the schema).
    public let events: AsyncStream<Message>
    /// What is worth nothing later ("notice" in the schema).
    public let notices: AsyncStream<Message>
    /// Asked when the server wants a fresh access token.
    public var token: (@Sendable (_ isRefused: Bool) async -> String?)?

    private let client: CLRClient
    private let toEvents: AsyncStream<Message>.Continuation
    private let toNotices: AsyncStream<Message>.Continuation

    /// In application(_:didFinishLaunchingWithOptions:), before it returns (IOS-PK-16).
    public init(_ configuration: CLRConfiguration) throws {
        client = try CLRClient(configuration: configuration, system: CLRDeviceSystem())
        (events, toEvents) = AsyncStream.makeStream()
        (notices, toNotices) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(32))
        super.init()
    }

    /// The interface is there: events come from now on, the missed ones first.
    public func attach() { client.attach(self) }

    /// Places a call; its id names it in every event.
    @discardableResult
    public func call(_ user: String, video: Bool = false) async throws -> UUID {
        let call = UUID()
        try await send([
            "type": "place_requested", "call_id": call.uuidString, "to_user": user, "media": video ? "video" : "audio",
        ])
        return call
    }

    public func send(_ fact: Message) async throws {
        let code = await withCheckedContinuation { continuation in
            client.send(fact) { continuation.resume(returning: $0) }
        }
        if code != 0 { throw CallRefused(code: code) }
    }

    public func answer(_ call: UUID) { client.answer(call) }
    public func end(_ call: UUID) { client.end(call) }
    public func mute(_ call: UUID, _ on: Bool = true) { client.setMuted(on, call: call) }
    public func hold(_ call: UUID, _ on: Bool = true) { client.setHeld(on, call: call) }

    public func calls() async -> [Message] {
        await withCheckedContinuation { continuation in client.calls { continuation.resume(returning: $0) } }
    }

    /// Of the call screen alone everything at once ("callui_view" in the schema).
    public func view() async -> Message {
        await withCheckedContinuation { continuation in client.view { continuation.resume(returning: $0) } }
    }

    public func adopt(_ call: UUID) async -> Message {
        await withCheckedContinuation { continuation in client.adopt(call) { continuation.resume(returning: $0) } }
    }

    public func `continue`(_ activity: NSUserActivity) -> Bool { client.continue(activity) }

    // MARK: CLRClientDelegate

    public func clarionDidReceiveEvent(_ event: Message) { toEvents.yield(event) }
    public func clarionDidReceiveNotice(_ notice: Message) { toNotices.yield(notice) }
    public func clarionNeedsToken(_ isRefused: Bool) {
        Task { [client, token] in
            if let fresh = await token?(isRefused) { client.supplyToken(fresh) }
        }
    }
}
