// libcurl, used for one POST and loaded for it: linked, it and the 26 libraries it brings would make
// every start of the program a fifth slower.
#include "notice/channels.h"

#ifdef BACKSCAN_WITH_CURL
#include <curl/curl.h>
#include <dlfcn.h>

#include <memory>
#endif

namespace backscan::notice {

#ifdef BACKSCAN_WITH_CURL

namespace {

/// The answer's text is nobody's business.
std::size_t discard(char*, std::size_t size, std::size_t count, void*) { return size * count; }

/// The functions of libcurl that are used here; false if it is not installed.
class CurlLibrary {
 public:
  CurlLibrary() : handle_(::dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL)) {
    is_loaded_ = handle_ != nullptr && find(init, "curl_easy_init") &&
                 find(cleanup, "curl_easy_cleanup") && find(append, "curl_slist_append") &&
                 find(free_all, "curl_slist_free_all") && find(setopt, "curl_easy_setopt") &&
                 find(perform, "curl_easy_perform") && find(getinfo, "curl_easy_getinfo") &&
                 find(strerror, "curl_easy_strerror");
  }
  explicit operator bool() const { return is_loaded_; }

  decltype(&curl_easy_init) init = nullptr;
  decltype(&curl_easy_cleanup) cleanup = nullptr;
  decltype(&curl_slist_append) append = nullptr;
  decltype(&curl_slist_free_all) free_all = nullptr;
  decltype(&curl_easy_setopt) setopt = nullptr;
  decltype(&curl_easy_perform) perform = nullptr;
  decltype(&curl_easy_getinfo) getinfo = nullptr;
  decltype(&curl_easy_strerror) strerror = nullptr;

 private:
  template <typename Function>
  bool find(Function& function, const char* name) {
    function = reinterpret_cast<Function>(::dlsym(handle_, name));
    return function != nullptr;
  }

  void* handle_;  // kept until the program ends: what libcurl started cannot be unloaded
  bool is_loaded_ = false;
};

}  // namespace

Result<void> post_webhook(const std::string& url, const std::string& record,
                          std::chrono::seconds timeout) {
  const CurlLibrary library;
  if (!library) return std::unexpected(Error{url, "libcurl (libcurl.so.4) is not installed"});
  const std::unique_ptr<CURL, decltype(library.cleanup)> curl(library.init(), library.cleanup);
  if (!curl) return std::unexpected(Error{url, "libcurl does not start"});
  const std::unique_ptr<curl_slist, decltype(library.free_all)> headers(
      library.append(nullptr, "Content-Type: application/json"), library.free_all);
  const auto set = [&](CURLoption option, auto value) {
    library.setopt(curl.get(), option, value);
  };
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_HTTPHEADER, headers.get());
  set(CURLOPT_USERAGENT, "backscan");
  set(CURLOPT_POSTFIELDS, record.c_str());
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(record.size()));
  set(CURLOPT_TIMEOUT, static_cast<long>(timeout.count()));
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_WRITEFUNCTION, &discard);
  if (const CURLcode code = library.perform(curl.get()); code != CURLE_OK)
    return std::unexpected(Error{url, library.strerror(code)});
  long status = 0;
  library.getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
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
