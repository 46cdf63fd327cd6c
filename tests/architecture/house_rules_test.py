"""Proves that house_rules.py catches each kind of planted violation, and lets what is right pass."""
import unittest
from pathlib import Path

import house_rules
from planted import PlantedTree


class HouseRules(unittest.TestCase):
    def problems(self, text, path="server/wire/decoder.cpp"):
        return house_rules.check_text(Path(path), text)

    def assert_reports(self, reason, text, path="server/wire/decoder.cpp"):
        problems = self.problems(text, path)
        self.assertEqual(len(problems), 1, problems)
        self.assertIn(reason, problems[0])

    def test_lets_ordinary_code_pass(self):
        text = "#pragma once\n// Why: a sender may ask for a TODO list.\n"
        self.assertEqual(self.problems(text.replace("TODO", "to-do"), "server/wire/a.hpp"), [])
        self.assertEqual(self.problems("auto x = a << b; // bits\nconst char* s = \"/* TODO */\";\nint n = 1'000;\n"), [])

    def test_reports_a_long_file(self):
        self.assertEqual(self.problems("int x;\n" * 400), [])
        self.assert_reports("401 lines", "int x;\n" * 401)

    def test_reports_a_tree_of_long_files(self):
        with PlantedTree({f"server/base/a{n}.cpp": "int x;\n" * 200 for n in range(3)}) as root:
            self.assertEqual(len(house_rules.check(root)), 1)

    def test_reports_a_header_without_pragma_once(self):
        self.assert_reports("#pragma once", "#ifndef A\n#endif\n", "include/lethe/base/a.hpp")

    def test_reports_block_comments(self):
        self.assert_reports("only //", "int x; /* why */\n")

    def test_reports_what_is_left_open(self):
        self.assert_reports("left open", "// TODO: later\n")

    def test_reports_what_below_the_edge(self):
        self.assert_reports("what() may quote", "return error.what();\n")
        self.assert_reports("what() may quote", "return error->what();\n", "server/net/session.cpp")

    def test_reports_what_near_a_log_call(self):
        for log in ('spdlog::error("{}", text);', "log_.write(severity, event);", "log->warn(text);"):
            with self.subTest(log=log):
                self.assert_reports("near a log call", f"const char* text = e.what();\n\n{log}\n", "server/main.cpp")

    def test_lets_main_say_why_a_start_failed(self):
        self.assertEqual(self.problems("std::fprintf(stderr, \"%s\", error.what());\n", "server/main.cpp"), [])

    def test_reports_text_forms_of_identifiers(self):
        for text in (
            "template <> struct fmt::formatter<lethe::Address> {};",
            "template <> struct fmt::formatter<lethe::mailbox::Payload> : fmt::formatter<int> {};",
            "std::ostream& operator<<(std::ostream& out, const MessageId& id);",
            "std::ostream& operator<<(std::ostream& out, int x);",
            "void to_json(nlohmann::json& out, const Payload& payload);",
            "std::string to_string(const Address& address);",
            "NLOHMANN_DEFINE_TYPE_INTRUSIVE(Send, id)",
        ):
            with self.subTest(text=text):
                self.assert_reports("no ", text + "\n", "include/lethe/base/ids.cpp")

    def test_lets_a_client_write_its_own_messages(self):
        self.assertEqual(self.problems("std::string to_json(const Send& message);\n", "clients/cpp/client/a.cpp"), [])

    def test_reports_names_that_say_nothing(self):
        self.assert_reports("SessionManager says nothing", "class SessionManager {\n};\n")
        self.assert_reports("a name that says nothing", "int x;\n", "server/wire/json_helper.cpp")

    def test_sees_through_literals_and_comments(self):
        self.assertEqual(self.problems('// e.what() and class FooImpl {};\nauto s = "e.what()";\nauto r = R"(/* x */)";\n'), [])


if __name__ == "__main__":
    unittest.main()
