#pragma once
// Text made safe, and HTML, SVG and XML that are well-formed by construction.
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lethe::audit {

// Valid UTF-8 that shows what it is: control characters (line feeds and tabs excepted), bidirectional overrides, what is no
// character of XML 1.0 and bytes that aren't UTF-8 become U+FFFD. For files and for a terminal.
std::string printable(std::string_view text);
// printable() without line feeds and tabs: blanks in their place.
std::string one_line(std::string_view text);

class Markup {
 public:
  using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  // Each escapes what it is given; tags and names of attributes are constants of the program.
  Markup& open(std::string_view tag, Attributes attributes = {});
  Markup& close();
  Markup& text(std::string_view text);
  Markup& element(std::string_view tag, std::string_view text) { return open(tag).text(text).close(); }
  Markup& element(std::string_view tag, Attributes attributes, std::string_view text);
  // Without content: <tag …/>.
  Markup& lone(std::string_view tag, Attributes attributes = {});
  // As it is. For constants of the program alone.
  Markup& verbatim(std::string_view markup);
  Markup& line() { return verbatim("\n"); }

  // All of it. Throws std::logic_error where something is still open.
  std::string take();

 private:
  void start(std::string_view tag, Attributes attributes);

  std::string out_;
  std::vector<std::string> open_;
};

}  // namespace lethe::audit
