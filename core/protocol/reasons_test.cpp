// SPDX-License-Identifier: Apache-2.0
#include "core/protocol/reasons.hpp"

#include <gmock/gmock.h>

#include <set>

namespace clarion {
namespace {

TEST(Reasons, EveryNumberAndWordIsUnique) {
    std::set<int> numbers;
    std::set<std::string_view> words;
    for (const ReasonRow& row : reason_table()) {
        EXPECT_TRUE(numbers.insert(static_cast<int>(row.reason)).second) << row.word;
        EXPECT_TRUE(words.insert(row.word).second) << row.word;
        EXPECT_EQ(enum_from<EndReason>(row.word), row.reason);
        EXPECT_EQ(reason_from_number(static_cast<int>(row.reason)), row.reason);
    }
}

TEST(Reasons, ANewReasonIsUnknownAndNeverLooksLikeSuccess) {
    EXPECT_EQ(reason_from_number(0), EndReason::unknown);
    EXPECT_EQ(reason_from_number(9999), EndReason::unknown);
    EXPECT_EQ(enum_from<EndReason>("made_up_next_year"), EndReason::unknown);
    EXPECT_EQ(system_end_reason(EndReason::unknown, true), SystemEndReason::failed);
    EXPECT_EQ(system_end_reason(static_cast<EndReason>(1777), true), SystemEndReason::failed);
}

// Each name that the substring matching of the guide got wrong.
TEST(Reasons, Defect15TheSystemReasonComesFromTheNumberNotFromTheText) {
    using enum EndReason;
    EXPECT_EQ(system_end_reason(no_answer, true), SystemEndReason::unanswered);
    EXPECT_EQ(system_end_reason(service_http_connection_time_out, true), SystemEndReason::failed);
    for (const EndReason reason :
         {service_http_connect_fail, unavailable_network, network_unstable, service_busy, service_maintenance,
          mic_no_source}) {
        EXPECT_EQ(system_end_reason(reason, true), SystemEndReason::failed) << to_string(reason);
    }
    EXPECT_EQ(system_end_reason(multi_device_answer, true), SystemEndReason::answered_elsewhere);
    EXPECT_EQ(system_end_reason(multi_device_decline, true), SystemEndReason::declined_elsewhere);
    EXPECT_EQ(system_end_reason(cancel, true), SystemEndReason::remote_ended);
}

TEST(Reasons, ALocalCellularCallIsAFailureARemoteOneIsAHangUp) {
    EXPECT_EQ(system_end_reason(EndReason::cell_call, false), SystemEndReason::failed);
    EXPECT_EQ(system_end_reason(EndReason::cell_call, true), SystemEndReason::remote_ended);
}

}  // namespace
}  // namespace clarion
