// SPDX-License-Identifier: Apache-2.0
#include "sdk/media/webrtc.hpp"
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <gtest/gtest.h>
using namespace clarion::media;
TEST(T, T) {
    auto t0 = std::chrono::steady_clock::now();
    auto ms = [&] { return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - t0).count(); };
    auto f = create_webrtc_factory();
    ASSERT_TRUE(f) << f.error().text;
    printf("init %.1f\n", ms());
    (*f)->warm_up();
    printf("warm %.1f\n", ms());
    std::mutex m; std::condition_variable cv; int done = 0;
    std::unique_ptr<MediaLeg> a, b;
    std::string offer, answer;
    auto show = [&](const char* who, const Event& e) {
        printf("%s %.1f event %zu", who, ms(), e.index());
        if (auto* d = std::get_if<LocalDescription>(&e)) printf("\n%s", d->sdp.c_str());
        if (auto* d = std::get_if<LocalCandidate>(&e)) printf(" %s %s", d->mid.c_str(), d->candidate.c_str());
        if (auto* d = std::get_if<Failed>(&e)) printf(" %s", d->reason.c_str());
        printf("\n");
    };
    std::vector<std::pair<int, Event>> q;
    auto cb = [&](int who) { return [&, who](Event e) { std::scoped_lock l(m); q.emplace_back(who, std::move(e)); cv.notify_all(); }; };
    a = *(*f)->create_leg({.input = TestTone{440}, .output = WavOutput{"/tmp/a.wav"}, .loopback_only = true}, cb(0));
    b = *(*f)->create_leg({.input = TestTone{1000}, .output = WavOutput{"/tmp/b.wav"}, .loopback_only = true}, cb(1));
    a->prepare_offer();
    a->open_audio(); b->open_audio();
    auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (done < 2) {
        std::unique_lock l(m);
        if (!cv.wait_until(l, until, [&] { return !q.empty(); })) break;
        auto [who, e] = std::move(q.front()); q.erase(q.begin()); l.unlock();
        show(who ? "B" : "A", e);
        auto& other = who ? a : b;
        if (auto* d = std::get_if<LocalDescription>(&e)) { if (who) a->set_remote_answer(d->sdp); else b->prepare_answer(d->sdp); }
        if (auto* d = std::get_if<LocalCandidate>(&e)) other->add_remote_candidate(d->mid, d->mline_index, d->candidate);
        if (std::holds_alternative<FirstAudio>(e)) done++;
    }
    EXPECT_EQ(done, 2);
    printf("%.1f\n", ms()); a->close(); printf("closed %.1f\n", ms()); b->close(); printf("closed %.1f\n", ms());
}
