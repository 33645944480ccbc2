// libcurl, used for one POST.
#include "notice/channels.h"

#ifdef BACKSCAN_WITH_CURL
#include <curl/curl.h>

#include <memory>
#endif

namespace backscan::notice {

#ifdef BACKSCAN_WITH_CURL

namespace {

/// The answer's text is nobody's business.
std::size_t discard(char*, std::size_t size, std::size_t count, void*) { return size * count; }

}  // namespace

Result<void> post_webhook(const std::string& url, const std::string& record,
                          std::chrono::seconds timeout) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(),
                                                                 &curl_easy_cleanup);
  if (!curl) return std::unexpected(Error{url, "libcurl does not start"});
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(
      curl_slist_append(nullptr, "Content-Type: application/json"), &curl_slist_free_all);
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_USERAGENT, "backscan");
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, record.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(record.size()));
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, static_cast<long>(timeout.count()));
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &discard);
  if (const CURLcode code = curl_easy_perform(curl.get()); code != CURLE_OK)
    return std::unexpected(Error{url, curl_easy_strerror(code)});
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status < 200 || status > 299)
    return std::unexpected(Error{url, "answered " + std::to_string(status)});
  return {};
}

#else

Result<void> post_webhook(const std::string& url, const std::string&, std::chrono::seconds) {
  return std::unexpected(Error{url, "this backscan was built without libcurl"});
}

#endif

}  // namespace backscan::notice
