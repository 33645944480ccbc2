// What each format promises beyond its golden file: that nothing hostile gets out of its place.
#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/report.h"
#include "sample_result.h"
#include "xml_check.h"

namespace backscan::report {
namespace {

using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

std::string rendered(Format format, const ScanResult& result, const RenderOptions& options = {}) {
  std::string out;
  render(format, result, options, out);
  return out;
}

std::string sample(Format format) { return rendered(format, test::sample_result()); }

/// RFC 4180, strictly.
std::vector<std::vector<std::string>> parse_csv(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1, {""});
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted) {
      if (text[i] != '"')
        rows.back().back() += text[i];
      else if (i + 1 < text.size() && text[i + 1] == '"')
        rows.back().back() += text[++i];
      else
        quoted = false;
    } else if (text[i] == '"') {
      quoted = true;
    } else if (text[i] == ',') {
      rows.back().emplace_back();
    } else if (text.compare(i, 2, "\r\n") == 0) {
      ++i;
      if (i + 1 < text.size()) rows.push_back({""});
    } else {
      rows.back().back() += text[i];
    }
  }
  return rows;
}

TEST(Csv, HasOneRowAFindingWithEveryColumn) {
  const auto rows = parse_csv(sample(Format::kCsv));
  ASSERT_EQ(rows.size(), 4u);
  for (const auto& row : rows) EXPECT_EQ(row.size(), rows[0].size());
}

TEST(Csv, NeutralisesWhatASpreadsheetWouldRun) {
  std::size_t neutralised = 0;
  for (const auto& row : parse_csv(sample(Format::kCsv)))
    for (const std::string& cell : row) {
      if (cell.empty()) continue;
      EXPECT_EQ(std::string("=+-@\t\r").find(cell[0]), std::string::npos) << cell;
      EXPECT_EQ(cell.find_first_of("\n\r\x1b"), std::string::npos) << cell;
      if (cell[0] == '\'') ++neutralised;
    }
  EXPECT_EQ(neutralised, 4u) << "account, message, remedy and owner of the hostile finding";
}

TEST(Sarif, HasWhatImportersNeed) {
  const Json document = Json::parse(sample(Format::kSarif));
  EXPECT_EQ(document["version"], "2.1.0");
  const Json& run = document["runs"][0];
  EXPECT_EQ(run["invocations"][0]["executionSuccessful"], false);
  const Json& rules = run["tool"]["driver"]["rules"];
  ASSERT_EQ(run["results"].size(), 3u);
  for (const Json& result : run["results"]) {
    EXPECT_EQ(rules[result["ruleIndex"].get<std::size_t>()]["id"], result["ruleId"]);
    EXPECT_TRUE(result["partialFingerprints"].contains("backscan/v1"));
    const Json& artifact = result["locations"][0]["physicalLocation"]["artifactLocation"];
    EXPECT_TRUE(run["originalUriBaseIds"].contains(artifact["uriBaseId"].get<std::string>()));
    const std::string uri = artifact["uri"];
    EXPECT_EQ(uri.find_first_of(" <>\"'|\\\n"), std::string::npos) << uri;
  }
}

TEST(Sarif, TellsErrorsAsNotificationsAndNotesAsNotes) {
  const Json document = Json::parse(sample(Format::kSarif));
  const Json& told = document["runs"][0]["invocations"][0]["toolExecutionNotifications"];
  ASSERT_EQ(told.size(), 3u);
  EXPECT_EQ(told[0]["level"], "error");
  EXPECT_EQ(told[1]["level"], "note");
}

TEST(Junit, IsWellFormedAndCountsItsFailures) {
  const std::string xml = sample(Format::kJunit);
  EXPECT_EQ(test::xml_problem(xml), "");
  EXPECT_THAT(xml, HasSubstr("name=\"alice\" tests=\"1\" failures=\"1\""));
  const std::string strict =
      rendered(Format::kJunit, test::sample_result(), {.fail_on = Severity::kCritical});
  EXPECT_THAT(strict, HasSubstr("name=\"/opt/site\" tests=\"1\" failures=\"0\""));
}

TEST(Junit, IsWellFormedWhereNothingWasFoundAndSaysWhatWasMissed) {
  ScanResult nothing = test::sample_result();
  nothing.findings.clear();
  nothing.errors.clear();
  const std::string xml = rendered(Format::kJunit, nothing);
  EXPECT_EQ(test::xml_problem(xml), "");
  EXPECT_THAT(xml, HasSubstr("errors=\"1\""));
}

TEST(Html, HoldsNoMarkupFromNamesOrExcerpts) {
  const std::string html = sample(Format::kHtml);
  for (const char* markup : {"<script>alert", "<img", "</script><!--", "\x1b", "<b>"})
    EXPECT_EQ(html.find(markup), std::string::npos) << markup;
  EXPECT_NE(html.find("{{{message}}}"), std::string::npos)
      << "template syntax in an excerpt stays text";
}

TEST(Html, AsksNobodyForAnything) {
  const std::string html = sample(Format::kHtml);
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
  for (const char* request : {"<script ", "<link", "<iframe", "<object", "<embed", "<image", "<use", "@import",
                              "url(", "fetch(", "href=\"http"})
    EXPECT_EQ(html.find(request), std::string::npos) << request;
}

TEST(Html, PutsTheListingAndWhatToDoBeforeTheFindings) {
  const std::string html = sample(Format::kHtml);
  const std::size_t status = html.find("status-title");
  const std::size_t advice = html.find("do-title");
  const std::size_t findings = html.find("findings-title");
  EXPECT_LT(status, advice);
  EXPECT_LT(advice, findings);
}

TEST(Html, KeepsEveryFindingWhereThereAreManyAndStaysSmall) {
  const std::string html = rendered(Format::kHtml, test::large_result(2000));
  std::size_t articles = 0;
  for (std::size_t at = 0; (at = html.find("<article class=\"finding\" data-", at)) != std::string::npos; ++at)
    ++articles;
  // Of the rest, a line each: rank, tab, place; the lines of severity and rule end in a letter there.
  std::size_t rows = 0;
  for (std::size_t at = 0; (at = html.find('\t', at)) != std::string::npos; ++at)
    rows += html[at - 1] >= '0' && html[at - 1] <= '9' ? 1 : 0;
  EXPECT_GT(articles, 0u);
  EXPECT_EQ(articles + rows, 2000u);
  EXPECT_LT(html.size(), 2'500'000u);
}

TEST(Markdown, HoldsHostileTextInCodeOrEscaped) {
  const std::string markdown = sample(Format::kMarkdown);
  EXPECT_THAT(markdown, HasSubstr("\\[click\\]\\(javascript&#58;alert"));
  EXPECT_THAT(markdown, HasSubstr("&#64;everyone"));
  EXPECT_THAT(markdown, HasSubstr("```` <img src=x onerror=alert(1)> ```"));
}

TEST(Markdown, FitsATicketWhateverTheNumberOfFindings) {
  EXPECT_LT(rendered(Format::kMarkdown, test::large_result(50'000)).size(), 100'000u);
}

TEST(Text, IsColouredOnlyWhenAskedAndNeverByTheScanned) {
  EXPECT_THAT(sample(Format::kText), Not(HasSubstr("\x1b")));
  const std::string colored = rendered(Format::kText, test::sample_result(), {.color = true});
  EXPECT_THAT(colored, HasSubstr("\x1b[1;31mLISTED\x1b[0m"));
  EXPECT_THAT(colored, Not(HasSubstr("\x1b]0;owned")));
  EXPECT_THAT(colored, Not(HasSubstr("\x1b[2J")));
}

TEST(Text, GivesTheLikeliestTheRoomAndTheRestALine) {
  const std::string text = rendered(Format::kText, test::large_result(3000));
  const auto lines = std::ranges::count(text, '\n');
  EXPECT_LT(lines, 3000 + 40 * 12 + 100);
  EXPECT_THAT(rendered(Format::kText, test::large_result(100), {.verbose = true}),
              Not(HasSubstr("CRITICAL   50  ")));
}

Finding finding_of(std::string rule, std::string rule_class, std::string remedy, std::size_t line) {
  Finding finding;
  finding.title = "Title of " + rule;
  finding.rule = std::move(rule);
  finding.rule_class = std::move(rule_class);
  finding.severity = Severity::kHigh;
  finding.path = "/srv/www/a.php";
  finding.root = "/srv/www";
  finding.line = line;
  finding.message = "why";
  finding.remedy = std::move(remedy);
  return finding;
}

std::string text_of(std::vector<Finding> findings, bool is_verbose = false) {
  ScanResult result;
  result.findings = std::move(findings);
  return rendered(Format::kText, result, {.width = 200, .verbose = is_verbose});
}

TEST(Text, SaysOfAFileOnceWhatToDo) {
  std::vector<Finding> findings = {finding_of("webshell/a", "webshell", "Quarantine it.", 3),
                                   finding_of("webshell/b", "webshell", "Quarantine it.", 4),
                                   finding_of("open-relay/c", "open-relay", "Mend it.", 9)};
  for (const std::size_t line : {70, 5, 50, 5, 60, 80, 90})
    findings.push_back(finding_of("webshell/d", "webshell", "Quarantine it.", line));
  findings.front().rank = 50;
  const std::string text = text_of(findings);
  EXPECT_THAT(text, HasSubstr("/srv/www: 10 findings in 1 file\n"));
  EXPECT_THAT(text, HasSubstr("      Also    line 4: Title of webshell/b [webshell/b], high, confidence low\n"
                              "              lines 5, 50, 60, 70, 80 and 1 more: Title of "
                              "webshell/d [webshell/d], high, confidence low\n"
                              "              line 9: Title of open-relay/c [open-relay/c], high, confidence low\n"));
  EXPECT_THAT(text, HasSubstr("; --verbose shows each in full\n"));
  EXPECT_THAT(text_of(findings, true), Not(HasSubstr("--verbose")));
  EXPECT_THAT(text, HasSubstr("Do      Quarantine it.\n"));
  EXPECT_THAT(text, Not(HasSubstr("Mend it."))) << "a web shell is not mended";
  EXPECT_THAT(text_of(findings, true), HasSubstr("Do      Mend it.\n"));
  EXPECT_THAT(text_of(findings, true), Not(HasSubstr("Also")));
}

TEST(Markdown, SaysOfAFileOnceWhatToDo) {
  ScanResult result;
  result.findings = {finding_of("webshell/a", "webshell", "Quarantine it.", 3),
                     finding_of("webshell/b", "webshell", "Quarantine it.", 4),
                     finding_of("place/c", "place", "Look at it.", 0)};
  result.findings.front().rank = 50;
  const std::string text = rendered(Format::kMarkdown, result);
  EXPECT_THAT(text, HasSubstr("3 findings in 1 file"));
  EXPECT_THAT(text, HasSubstr("- Also: Title of place/c (`place/c`, high); "
                              "Title of webshell/b (`webshell/b`, high, line 4)\n"));
  EXPECT_THAT(text, Not(HasSubstr("Look at it")));
  EXPECT_THAT(rendered(Format::kMarkdown, result, {.verbose = true}), HasSubstr("Look at it"));
}

TEST(Html, GivesEveryFileAnArticleBeforeAnyASecond) {
  ScanResult result;
  for (std::size_t line = 1; line <= 200; ++line) {
    result.findings.push_back(finding_of("webshell/a", "webshell", "Quarantine it.", line));
    result.findings.back().rank = 60;
  }
  result.findings.push_back(finding_of("webshell/b", "webshell", "Look into it.", 7));
  result.findings.back().path = "/srv/www/b.php";
  const std::string html = rendered(Format::kHtml, result);
  EXPECT_THAT(html, HasSubstr("201 findings in 2 files"));
  EXPECT_THAT(html, HasSubstr("Look into it."));
}

TEST(Text, SaysHowToMendEachWeaknessOfAFile) {
  const std::string text =
      text_of({finding_of("open-relay/a", "open-relay", "Fix the recipient.", 3),
               finding_of("header-injection/b", "header-injection", "Reject line breaks.", 4)});
  EXPECT_THAT(text, HasSubstr("Do      Fix the recipient.\n"));
  EXPECT_THAT(text, HasSubstr("Do      Reject line breaks.\n"));
  EXPECT_THAT(text, Not(HasSubstr("Also")));
}

TEST(Text, KeepsHostsApartAndNamesThem) {
  std::vector<Finding> findings(2, finding_of("webshell/a", "webshell", "Quarantine it.", 3));
  findings[0].hosts = {"web1"};
  findings[1].hosts = {"web2", "web3"};
  const std::string text = text_of(findings);
  EXPECT_THAT(text, HasSubstr("Hosts   web1\n"));
  EXPECT_THAT(text, HasSubstr("Hosts   web2, web3\n"));
}

TEST(Text, NeverCallsAHostCleanThatNoListWasAskedAbout) {
  ScanResult result = test::sample_result();
  result.listings.clear();
  result.scan.is_offline = true;
  EXPECT_THAT(rendered(Format::kText, result), HasSubstr("Blacklists not asked (offline)"));
  result.scan.is_offline = false;
  Listing refused;
  refused.state = ListingState::kNotChecked;
  result.listings = {refused};
  EXPECT_THAT(rendered(Format::kText, result), HasSubstr("whether the server is listed is unknown"));
}

TEST(Json, HasEveryFieldOfTheContract) {
  const Json document = Json::parse(sample(Format::kJson));
  EXPECT_EQ(document["schema_version"], 1);
  for (const char* key : {"tool", "scan", "findings", "listings", "audit", "senders", "errors", "summary"})
    EXPECT_TRUE(document.contains(key)) << key;
  for (const Json& finding : document["findings"])
    for (const char* key :
         {"rule", "title", "class", "severity", "confidence", "causes", "path", "root", "account",
          "domain", "line", "column", "end_line", "view", "layers", "excerpt", "message", "remedy",
          "sha256", "size", "mtime", "ctime", "owner", "mode", "fingerprint", "evidence", "rank",
          "rank_reasons"})
      EXPECT_TRUE(finding.contains(key)) << key;
  for (const Json& listing : document["listings"])
    for (const char* key : {"ip", "zone", "name", "scope", "state", "reason", "codes", "text", "meaning",
                            "ttl", "expires_estimate", "lookup_url", "delist_url", "policy"})
      EXPECT_TRUE(listing.contains(key)) << key;
  EXPECT_TRUE(document["findings"][2].contains("path_base64")) << "a path that is not UTF-8";
  EXPECT_FALSE(document["findings"][0].contains("path_base64"));
}

TEST(Jsonl, TypesEveryLineAndEndsWithTheSummary) {
  std::string text = sample(Format::kJsonl);
  std::vector<std::string> types;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    types.push_back(Json::parse(text.substr(0, end))["type"]);
    text.erase(0, end + 1);
  }
  EXPECT_EQ(types.front(), "scan");
  EXPECT_EQ(types.back(), "summary");
  EXPECT_EQ(std::ranges::count(types, "finding"), 3);
}

}  // namespace
}  // namespace backscan::report
