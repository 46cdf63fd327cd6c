#include <array>

#include "audit/report/page_sections.hpp"
#include "audit/report/sentences.hpp"

namespace lethe::audit::page {
namespace {

struct Sizes {
  int width;
  int height;
};

struct Place {
  int x;
  int y;
};

constexpr Sizes box = {196, 104};

std::string number(int value) { return std::to_string(value); }

// What the relay holds in a state. Unknown states have no words.
std::string_view holding(std::string_view state) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> known = {{
      {"accepted", "waits in locked memory"},
      {"delivered", "sent, and still kept"},
      {"acknowledged", "to be overwritten next"},
      {"overwritten", "zeroes; nothing is left"},
  }};
  for (const auto& [name, words] : known) {
    if (name == state) return words;
  }
  return "";
}

constexpr std::string_view last_state = "overwritten";

// What a box of the picture is named: the first word.
std::string name_of(const Lifetime& lifetime) {
  const auto state = one_line(lifetime.state);
  return state.substr(0, state.find_first_of(" ,"));
}

bool is_the_end(const Lifetime& lifetime) { return name_of(lifetime) == last_state && lifetime.samples == 0; }

std::string time_of(const Lifetime& lifetime) {
  if (lifetime.samples == 0) return is_the_end(lifetime) ? "for good" : "not measured";
  return duration_in_words(lifetime.longest);
}

std::string samples_of(const Lifetime& lifetime) {
  if (lifetime.samples == 0) return "";
  return "longest of " + grouped(lifetime.samples);
}

void write_text(Markup& page, std::string_view kind, Place place, std::string_view text) {
  page.element("text", {{"class", kind}, {"x", number(place.x)}, {"y", number(place.y)}}, text);
}

void write_state(Markup& page, Place place, const Lifetime& lifetime) {
  page.lone("rect", {{"class", name_of(lifetime) == last_state ? "state gone" : "state"},
                     {"x", number(place.x)},
                     {"y", number(place.y)},
                     {"width", number(box.width)},
                     {"height", number(box.height)},
                     {"rx", "6"}});
  const int middle = place.x + box.width / 2;
  write_text(page, "name", {middle, place.y + 25}, name_of(lifetime));
  if (is_the_end(lifetime)) {
    write_text(page, "small", {middle, place.y + 61}, holding(name_of(lifetime)));
    return;
  }
  write_text(page, "time", {middle, place.y + 54}, time_of(lifetime));
  write_text(page, "small", {middle, place.y + 73}, samples_of(lifetime));
  write_text(page, "small", {middle, place.y + 91}, holding(name_of(lifetime)));
}

void write_arrow(Markup& page, Place from, Place to) {
  const auto path = "M" + number(from.x) + " " + number(from.y) + "L" + number(to.x) + " " + number(to.y);
  page.lone("path", {{"class", "arrow"}, {"d", path}, {"marker-end", "url(#arrowhead)"}});
}

// From below the first state to below the last: how a message ends that nobody acknowledges.
void write_other_ends(Markup& page, int from, int to) {
  constexpr int top = box.height + 4;
  constexpr int low = top + 30;
  const auto path = "M" + number(from) + " " + number(top) + "V" + number(low) + "H" + number(to) + "V" + number(top + 6);
  page.lone("path", {{"class", "arrow other"}, {"d", path}, {"marker-end", "url(#arrowhead)"}});
  write_text(page, "small", {(from + to) / 2, low + 18}, "expired, displaced, recalled, refused, cut off");
}

void begin_picture(Markup& page, std::string_view kind, Sizes size) {
  const std::string classes = "life " + std::string{kind};
  const auto view = "0 0 " + number(size.width) + " " + number(size.height);
  page.open("svg", {{"class", classes}, {"viewBox", view}, {"role", "img"}, {"aria-label", "The states of a message in order, as in the table below"}});
}

void write_wide(Markup& page, const std::vector<Lifetime>& lifetimes) {
  constexpr int gap = 48;
  const int count = static_cast<int>(lifetimes.size());
  const bool has_end = count > 2 && name_of(lifetimes.back()) == last_state;
  const int width = count * (box.width + gap) - gap + 4;
  begin_picture(page, "wide", {width, box.height + (has_end ? 60 : 4)});
  if (has_end) write_other_ends(page, 2 + box.width / 2, width - 2 - box.width / 2);
  for (int index = 0; index < count; ++index) {
    const Place place = {2 + index * (box.width + gap), 2};
    write_state(page, place, lifetimes[static_cast<std::size_t>(index)]);
    if (index == 0) continue;
    const int middle = place.y + box.height / 2;
    write_arrow(page, {place.x - gap + 6, middle}, {place.x - 8, middle});
  }
  page.close().line();
}

void write_narrow(Markup& page, const std::vector<Lifetime>& lifetimes) {
  constexpr int gap = 34;
  const int count = static_cast<int>(lifetimes.size());
  begin_picture(page, "narrow", {box.width + 4, count * (box.height + gap) - gap + 4});
  for (int index = 0; index < count; ++index) {
    const Place place = {2, 2 + index * (box.height + gap)};
    write_state(page, place, lifetimes[static_cast<std::size_t>(index)]);
    if (index == 0) continue;
    const int middle = place.x + box.width / 2;
    write_arrow(page, {middle, place.y - gap + 5}, {middle, place.y - 8});
  }
  page.close().line();
}

void write_times(Markup& page, const std::vector<Lifetime>& lifetimes) {
  begin_table(page, "plain times", "The longest time that a message was seen in each state");
  column_headings(page, {"State", "Longest", "Samples", "What the relay holds"});
  page.open("tbody");
  for (const auto& lifetime : lifetimes) {
    page.open("tr").element("th", {{"scope", "row"}}, lifetime.state).element("td", {{"class", "amount"}}, time_of(lifetime));
    page.element("td", {{"class", "amount"}}, lifetime.samples == 0 ? "" : grouped(lifetime.samples)).element("td", holding(name_of(lifetime))).close().line();
  }
  page.close();
  end_table(page);
}

}  // namespace

void write_life(Markup& page, const Report& report) {
  if (report.lifetimes.empty()) {
    paragraph(page, "No times were measured.");
    return;
  }
  auto lifetimes = report.lifetimes;
  if (name_of(lifetimes.back()) != last_state) lifetimes.push_back({std::string{last_state}, {}, 0});
  page.verbatim(R"svg(<svg class="sprite" width="0" height="0" aria-hidden="true"><defs><marker id="arrowhead" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path class="arrowhead" d="M0 0 10 5 0 10z"/></marker></defs></svg>)svg");
  page.open("figure").line();
  write_wide(page, lifetimes);
  write_narrow(page, lifetimes);
  page.element("figcaption",
               "Times as this audit saw them from outside; its own delays are in them. A message that expires, is displaced, recalled, "
               "refused or cut off goes to the last state at once.");
  page.close().line();
  write_times(page, lifetimes);
}

}  // namespace lethe::audit::page
