#include <string>

#include "audit/report/page_sections.hpp"

namespace lethe::audit::page {

void write_sprite(Markup& page) {
  page.verbatim(R"svg(<svg class="sprite" width="0" height="0" aria-hidden="true"><defs>
<symbol id="mark-clean" viewBox="0 0 16 16"><path class="line" d="M3 8.6 6.6 12 13 4.4"/></symbol>
<symbol id="mark-detection" viewBox="0 0 16 16"><rect class="fill" x="1" y="1" width="14" height="14" rx="2"/><path class="cut" d="M5 5l6 6M11 5l-6 6"/></symbol>
<symbol id="mark-expected" viewBox="0 0 16 16"><path class="fill" d="M8 1.2 14.8 8 8 14.8 1.2 8z"/></symbol>
<symbol id="mark-missing" viewBox="0 0 16 16"><path class="line" d="M8 1.6 14.4 8 8 14.4 1.6 8z"/><path class="line" d="M8 5v3.4M8 10.6v.6"/></symbol>
<symbol id="mark-not-armed" viewBox="0 0 16 16"><circle class="line" cx="8" cy="8" r="6"/><path class="line" d="M4 12 12 4"/></symbol>
<symbol id="mark-none" viewBox="0 0 16 16"><circle class="fill" cx="8" cy="8" r="1.1"/></symbol>
<symbol id="mark-seen" viewBox="0 0 16 16"><circle class="fill" cx="8" cy="8" r="7"/><path class="cut" d="M4.6 8.3 7.1 10.7 11.4 5.6"/></symbol>
<symbol id="mark-also" viewBox="0 0 16 16"><circle class="line" cx="8" cy="8" r="3.6"/></symbol>
<symbol id="mark-inside" viewBox="0 0 16 16"><path class="line" d="M3 8h10"/></symbol>
<symbol id="mark-pass" viewBox="0 0 48 48"><circle class="fill" cx="24" cy="24" r="22"/><path class="cut" d="M14 25l7 7 13-15"/></symbol>
<symbol id="mark-fail" viewBox="0 0 48 48"><path class="fill" d="M15 2h18l13 13v18L33 46H15L2 33V15z"/><path class="cut" d="M16 16l16 16M32 16 16 32"/></symbol>
<symbol id="mark-inconclusive" viewBox="0 0 48 48"><path class="fill" d="M24 3 46 44H2z"/><path class="cut" d="M24 18v13M24 36.5v1"/></symbol>
</defs></svg>
)svg");
}

void mark(Markup& page, std::string_view shape, std::string_view meaning) {
  const std::string classes = "mark " + std::string{shape};
  const std::string symbol = "#mark-" + std::string{shape};
  page.open("svg", {{"class", classes}, {"role", "img"}, {"aria-label", meaning}, {"viewBox", "0 0 16 16"}});
  page.element("title", meaning).lone("use", {{"href", symbol}}).close();
}

void mark(Markup& page, Kind kind) { mark(page, name(kind), words(kind)); }

void legend_entry(Markup& page, std::string_view shape, std::string_view meaning) {
  page.open("li");
  const std::string classes = "mark " + std::string{shape};
  const std::string symbol = "#mark-" + std::string{shape};
  page.open("svg", {{"class", classes}, {"aria-hidden", "true"}, {"viewBox", "0 0 16 16"}}).lone("use", {{"href", symbol}}).close();
  page.text(" ").text(meaning).close();
}

void write_legend(Markup& page) {
  page.open("ul", {{"class", "legend"}, {"aria-label", "Legend"}});
  for (const auto kind : {Kind::clean, Kind::expected, Kind::detection, Kind::missing, Kind::not_armed}) {
    legend_entry(page, name(kind), words(kind));
  }
  legend_entry(page, "none", "no look at this moment");
  page.close().line();
}

void begin_table(Markup& page, std::string_view kind, std::string_view caption) {
  const std::string classes = "table " + std::string{kind};
  page.open("div", {{"class", classes}, {"role", "region"}, {"aria-label", caption}, {"tabindex", "0"}});
  page.open("table", {{"role", "table"}}).element("caption", caption);
}

void end_table(Markup& page) { page.close().close().line(); }

void column_headings(Markup& page, std::initializer_list<std::string_view> headings) {
  page.open("thead").open("tr");
  for (const auto heading : headings) page.element("th", {{"scope", "col"}}, heading);
  page.close().close();
}

void paragraph(Markup& page, std::string_view text) { page.element("p", text).line(); }

}  // namespace lethe::audit::page
