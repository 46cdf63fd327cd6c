"""Good and bad coroutine shapes: proves that coroutine_rules.py tells them apart."""
import unittest
from pathlib import Path

import coroutine_rules

GOOD = [
    "co_await timer_.async_wait(token);",
    "auto stoppable = asio::bind_cancellation_slot(stop_.slot(), token); co_await timer_.async_wait(stoppable);",
    "co_await std::move(operation);",
    "auto executor = co_await asio::this_coro::executor;",
    "const std::size_t size = co_await read_some(buffer_, 4'096, token);",
    "const auto [error, size] = co_await socket_.async_read_some(buffers, token);",
    "auto result = co_await ws_.next_layer().async_handshake(mode, token);",
    "if (open_) co_await write(std::move(frame), token);",
    "while (open_) { co_await wait(token); }",
    "for (int i = 0; i < 3; ++i) co_await wait(token);",
    "switch (kind) { case Kind::text: co_await text(token); break; default: co_await binary(token); }",
    "if (a) { b(); } else co_await wait(*timer, token);",
    "Frame frame{1, 2}; co_await write(frame, token); co_return;",
    "// co_await f(g());\nco_await f(g);",
    'log("co_await f(g())"); co_await f(g);',
    "if (error == Error::closed) co_return; co_await f(g);",
    "while (!queue.empty() && size < limit) { co_await f(g); }",
    "std::vector<int> v{1}; for (int i : v) { co_await f(i); }",
    "auto less = [](int a, int b) { return a < b; }; co_await f(less);",
]
BAD = [
    "f(co_await g(x));",
    "if (co_await ready(token)) return;",
    "while (co_await next(token)) {}",
    "for (auto x = 1; co_await next(token); ) {}",
    "switch (co_await next(token)) {}",
    "int x = a ? co_await f(b) : 0;",
    "int x = co_await f(a ? b : c);",
    "co_await f(Options{1, 2});",
    "co_await f({1, 2});",
    "co_await f([](int) {});",
    "co_await f(buffer(x), token);",
    "co_await f(std::string(x), token);",
    'co_await f("text", token);',
    "co_await f(a + b, token);",
    "const auto size = (co_await f(a)).size;",
    "const auto size = 1 + co_await f(a);",
    "co_return co_await f(a);",
    "co_await f(co_await g(a));",
    "asio::co_spawn(co_await asio::this_coro::executor, run(), asio::detached);",
    "Frame frame{co_await f(a)};",
    "asio::co_spawn(executor, [self]() -> asio::awaitable<void> { co_await self->run(token); }, asio::detached);",
    "auto job = [this] { f(); co_return; };",
    "if (Frame(x).empty()) co_return; co_await f(g);",
    "if (Frame{x} == y) co_return; co_await f(g);",
    "if (std::string(x).empty()) { co_return; }",
    "co_await f(g); while (wire::Encoder(kind).size()) {}",
    "const auto size = co_await asio::async_read(socket, buffers, asio::use_awaitable);",
    "asio::experimental::channel<void(int)> wake{executor}; co_await f(g);",
    "auto strand = asio::make_strand(io);",
    "asio::co_spawn(executor, run(), asio::bind_cancellation_slot(slot, asio::detached));",
]


def problems(statement, path="server/net/session.cpp"):
    text = "namespace lethe {\nasio::awaitable<void> Session::run() {\n  " + statement + "\n}\n}\n"
    return coroutine_rules.check_text(Path(path), text)


class CoroutineRules(unittest.TestCase):
    def test_lets_plain_shapes_pass(self):
        for statement in GOOD:
            with self.subTest(statement=statement):
                self.assertEqual(problems(statement), [])

    def test_reports_each_bad_shape(self):
        for statement in BAD:
            with self.subTest(statement=statement):
                self.assertNotEqual(problems(statement), [])

    def test_names_file_and_line(self):
        self.assertTrue(problems("f(co_await g(x));")[0].startswith("server/net/session.cpp:3: "))

    def test_reports_a_coroutine_below_the_edge(self):
        self.assertNotEqual(problems("co_await f(g);", path="server/session/conversation.cpp"), [])

    def test_lets_the_token_be_named_once(self):
        text = "constexpr auto token = asio::as_tuple(asio::use_awaitable);\nusing asio::use_awaitable;\n"
        self.assertEqual(coroutine_rules.check_text(Path("server/net/token.hpp"), text), [])

    def test_lets_other_functions_of_the_file_make_temporaries(self):
        text = "void f() { if (Frame(x).empty()) return; }\nasio::awaitable<void> g() { co_return; }\n"
        self.assertEqual(coroutine_rules.check_text(Path("server/net/a.cpp"), text), [])


if __name__ == "__main__":
    unittest.main()
