#include "response/queue_plan.h"

#include <gtest/gtest.h>

namespace backscan::response {
namespace {

using mail::Mta;

void add(mail::MessageStore& store, Mta mta, const char* id, const char* script) {
  store.at(store.keep(id), Time{}, mta).script = store.keep(script);
}

TEST(ResponseQueuePlan, NamesExactlyTheScriptsOwnMessages) {
  mail::MessageStore store;
  add(store, Mta::kExim, "1tABCD-000001-AA", "/srv/www/bad.php");
  add(store, Mta::kExim, "1tABCD-000002-AA", "/srv/www/good.php");
  add(store, Mta::kPostfix, "4XyZ12abcd", "/srv/www/bad.php");
  add(store, Mta::kPostfix, "4XyZ12abce", "1001:bad.php");
  add(store, Mta::kPostfix, "4XyZ12abcf", "1002:bad.php");
  const QueuePlan plan = plan_queue_removal(store, {{"/srv/www/bad.php", 1001}});
  EXPECT_EQ(plan.commands, (std::vector<std::string>{"exim -Mrm 1tABCD-000001-AA",
                                                     "postsuper -d 4XyZ12abcd"}));
  EXPECT_EQ(plan.uncertain, std::vector<std::string>{"postsuper -d 4XyZ12abce"});
  EXPECT_EQ(plan.messages, 3U);
}

TEST(ResponseQueuePlan, PassesOverIdsThatWouldBeMoreThanAWord) {
  mail::MessageStore store;
  for (const char* id : {"ALL", "-deferred", "a;reboot", "$(reboot)", "ab cdef"})
    add(store, Mta::kPostfix, id, "/srv/www/bad.php");
  EXPECT_EQ(plan_queue_removal(store, {{"/srv/www/bad.php", 0}}).messages, 0U);
}

TEST(ResponseQueuePlan, SplitsLongLists) {
  mail::MessageStore store;
  for (int i = 0; i < 90; ++i)
    add(store, Mta::kExim, ("1tABCD-0000" + std::to_string(10 + i) + "-AA").c_str(), "/srv/www/bad.php");
  const QueuePlan plan = plan_queue_removal(store, {{"/srv/www/bad.php", 0}});
  EXPECT_EQ(plan.messages, 90U);
  EXPECT_EQ(plan.commands.size(), 3U);
}

}  // namespace
}  // namespace backscan::response
