#pragma once
// The parts of report.html, in files page_*.cpp. Each writes what is inside of its <section>, below the heading.
#include <string>
#include <string_view>

#include "audit/report/looks.hpp"
#include "audit/report/markup.hpp"
#include "audit/report/report.hpp"

namespace lethe::audit::page {

void write_verdict(Markup& page, const Report& report);   // the <header>
void write_subject(Markup& page, const Report& report);
void write_claims(Markup& page, const Report& report);
void write_life(Markup& page, const Report& report);
void write_findings(Markup& page, const Report& report);
void write_controls(Markup& page, const Report& report);
void write_blind_trial(Markup& page, const Report& report);
void write_not_checked(Markup& page, const Report& report);
void write_limits(Markup& page, const Report& report);
void write_clauses(Markup& page, const Report& report);
void write_repeating(Markup& page, const Report& report);
void write_files(Markup& page, const Report& report);

// Marks differ in shape, not in colour alone; each has its meaning as text.
void write_sprite(Markup& page);                                              // once, before the first mark
void mark(Markup& page, std::string_view shape, std::string_view meaning);    // shape: a symbol of the sprite
void mark(Markup& page, Kind kind);
void legend_entry(Markup& page, std::string_view shape, std::string_view meaning);
void write_legend(Markup& page);                                              // of the kinds of findings

// <div><table><caption>…, to be closed with end_table. A wide table scrolls by itself, and can be reached by keyboard.
void begin_table(Markup& page, std::string_view kind, std::string_view caption);
void end_table(Markup& page);
// <thead> with one row of column headings.
void column_headings(Markup& page, std::initializer_list<std::string_view> headings);
void paragraph(Markup& page, std::string_view text);

}  // namespace lethe::audit::page
