#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each rule of tools/lint finds its fault, and leaves the right way alone."""
import importlib.machinery
import importlib.util
import os
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
loader = importlib.machinery.SourceFileLoader("lint", os.path.join(HERE, "lint"))
spec = importlib.util.spec_from_loader("lint", loader)
lint = importlib.util.module_from_spec(spec)
loader.exec_module(lint)

SPDX = "// SPDX-License-Identifier: Apache-2.0\n"


def findings(files):
    """Lints a small repository {path: text}; returns the set of (path, rule)."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            full = os.path.join(root, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as file:
                file.write(text)
        return {(f.path, f.rule) for f in lint.Lint(root).run(list(files))}


def rules(path, text):
    return {rule for _, rule in findings({path: SPDX + text})}


class Arrows(unittest.TestCase):
    def test_a_room_includes_what_its_row_names(self):
        self.assertEqual(set(), rules("core/engine/engine.cpp", '#include "core/callui/callui.hpp"\n'))
        self.assertEqual(set(), rules("core/base/a.cpp", '#include "core/base/time.hpp"\n#include <vector>\n'))
        self.assertEqual(set(), rules("lab/push/apns.cpp", '#include "server/ports/push.hpp"\n'))

    def test_an_include_against_the_arrows_is_found(self):
        self.assertIn("arrow", rules("core/engine/engine.cpp", '#include "core/routing/call.hpp"\n'))
        self.assertIn("arrow", rules("core/base/a.hpp", '#include "core/protocol/message.hpp"\n'))
        self.assertIn("arrow", rules("server/app/main.cpp", '#include "lab/world.hpp"\n'))
        self.assertIn("arrow", rules("sdk/linux/shell.cpp", '#include "core/engine/engine.hpp"\n'))

    def test_adapters_do_not_know_each_other_but_their_tests_may(self):
        text = '#include "server/adapters/apns/sender.hpp"\n'
        self.assertIn("arrow", rules("server/adapters/fcm/sender.cpp", text))
        self.assertEqual(set(), rules("server/adapters/fcm/sender_test.cpp", text))

    def test_an_include_is_written_from_the_root(self):
        self.assertIn("include-path", rules("net/loop.cpp", '#include "loop.hpp"\n'))

    def test_a_library_in_a_header_is_found_only_when_another_room_uses_the_header(self):
        header = {"net/detail/tls.hpp": SPDX + "#include <openssl/ssl.h>\n"}
        own = {"net/tls.cpp": SPDX + '#include "net/detail/tls.hpp"\n'}
        self.assertEqual(set(), findings(header | own))
        between = {"net/tls.hpp": SPDX + '#include "net/detail/tls.hpp"\n',
                   "server/app/main.cpp": SPDX + '#include "net/tls.hpp"\n'}
        self.assertEqual({("net/detail/tls.hpp", "private-library")}, findings(header | between))


class Pure(unittest.TestCase):
    def test_what_core_may_not_touch_is_found(self):
        for text in ["#include <thread>\n", "#include <unordered_map>\n", "#include <boost/asio.hpp>\n",
                     "auto t = std::chrono::steady_clock::now();\n", "int r = rand();\n", 'auto* p = getenv("HOME");\n',
                     "auto* p = new int;\n", "void f(int* p) { delete p; }\n", "void f() { throw 1; }\n",
                     "std::unordered_map<int, int> m;\n", "auto* d = dynamic_cast<D*>(b);\n", "usleep(5);\n"]:
            self.assertIn("pure", rules("core/engine/x.cpp", text), text)

    def test_the_right_ways_pass(self):
        for text in ["X(const X&) = delete;\n", "// throw away what is new, delete it\n", 'log("new call");\n',
                     "int renewed = brand(3);\n", "const int snow = random.next();\n"]:
            self.assertEqual(set(), rules("core/engine/x.cpp", text), text)

    def test_rapidjson_lives_in_the_codec_alone(self):
        text = "#include <rapidjson/reader.h>\n"
        self.assertEqual(set(), rules("core/codec/json.cpp", text))
        self.assertIn("pure", rules("core/codec/json.hpp", text))
        self.assertIn("pure", rules("core/engine/x.cpp", text))

    def test_outside_core_the_words_are_free(self):
        self.assertEqual(set(), rules("net/loop.cpp", "#include <thread>\nauto t = Clock::now();\n"))

    def test_a_line_may_be_excused_with_a_reason(self):
        self.assertEqual(set(), rules("core/base/x.cpp", "auto* p = new int;  // lint-allow: pure: arena, freed by Pool\n"))
        self.assertIn("pure", rules("core/base/x.cpp", "auto* p = new int;  // lint-allow: pure:\n"))
        self.assertIn("pure", rules("core/base/x.cpp", "auto* p = new int;  // lint-allow: sleep: no\n"))


class Tests(unittest.TestCase):
    def test_sleeping_is_found(self):
        self.assertIn("sleep", rules("net/a_test.cpp", "std::this_thread::sleep_for(1ms);\n"))
        self.assertIn("sleep", {r for _, r in findings({"tests/integration/a.py": "# " + SPDX + "time.sleep(1)\n"})})
        self.assertEqual(set(), rules("net/a_test.cpp", "// no sleep (ever)\nwait_until(done);\n"))

    def test_outside_hosts_are_found(self):
        for host in ["https://api.push.apple.com/x", "wss://10.0.0.7/ws", "8.8.8.8", "0.0.0.0"]:
            self.assertIn("host", rules("net/a_test.cpp", f'connect("{host}");\n'), host)
        for host in ["https://127.0.0.1:0/", "ws://localhost/ws", "https://[::1]/", "https://push.test/a", "192.0.2.7",
                     "https://user:pw@app.example.com/", "http://a/b", "c=IN IP4 0.0.0.0"]:
            self.assertEqual(set(), rules("net/a_test.cpp", f'connect("{host}");\n'), host)


class Lengths(unittest.TestCase):
    def test_a_long_file_is_found_and_a_test_may_be_longer(self):
        self.assertIn("file-length", rules("net/a.cpp", "int a;\n" * 500))
        self.assertEqual(set(), rules("net/a_test.cpp", "int a;\n" * 800))
        self.assertIn("file-length", rules("net/a_test.cpp", "int a;\n" * 900))

    def test_the_list_of_exceptions_only_shrinks(self):
        long = {"net/a.cpp": SPDX + "int a;\n" * 600}
        self.assertEqual(set(), findings(long | {"tools/lint-exceptions.txt": "net/a.cpp 601\n"}))
        self.assertEqual({("tools/lint-exceptions.txt", "file-length")},
                         findings(long | {"tools/lint-exceptions.txt": "net/a.cpp 700\n"}))
        self.assertEqual({("net/a.cpp", "file-length")}, findings(long | {"tools/lint-exceptions.txt": "net/a.cpp 550\n"}))

    def test_long_functions_of_every_shape_are_found(self):
        body = "    x();\n" * 80
        for head in ["void f() {", "int C::g(Options o = {}) const noexcept {", "C::C(int a) : a_{a}, b_{1, 2} {",
                     "TEST(Ring, Ends) {", "auto f() -> std::vector<int> {", "const auto f = [](int x) {",
                     "bool operator==(const A& a, const B& b) {", "template <class T>\nT f(T t) {",
                     "C::C(int a) : a_(a) {"]:
            self.assertIn("function-length", rules("net/a.cpp", f"namespace a {{\n{head}\n{body}}}\n}}\n"), head)
            self.assertIn("function-length", rules("net/a.hpp", f"class A : public B<int> {{\n public:\n{head}\n{body}}}\n}};\n"),
                          head)

    def test_long_things_that_are_no_function_pass(self):
        rows = "    {1, 2, \"}\"},\n" * 80
        for text in [f"constexpr Row kRows[] = {{\n{rows}}};\n", f"const auto k = std::to_array<Row>({{\n{rows}}});\n",
                     "class A : public B<int> {\n" + "    int f() { return 1; }\n" * 80 + "};\n",
                     "enum class A : std::uint8_t {\n" + "    a,\n" * 80 + "};\n",
                     "namespace a::b {\n" + "void f();\n" * 80 + "}\n",
                     "void f() {\n" + "    x();\n" * 60 + "}\n"]:
            self.assertEqual(set(), rules("net/a.cpp", text), text[:60])


class Words(unittest.TestCase):
    def test_the_licence_line_is_demanded(self):
        self.assertEqual({("net/a.cpp", "licence")}, findings({"net/a.cpp": "int a;\n"}))
        self.assertEqual({("x/CMakeLists.txt", "licence")}, findings({"x/CMakeLists.txt": "project(x)\n"}))
        self.assertEqual(set(), findings({"tools/x": "#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\n"}))

    def test_promises_are_found(self):
        self.assertIn("promise", rules("net/a.cpp", "// TO" "DO: later\n"))

    def test_links_and_titles(self):
        page = "# A\n\n## How it works\n\n[b](docs/b.md) [h](#how-it-works) [w](https://a.test) `[x](no)`\n"
        good = {"README.md": page, "docs/b.md": "# B\n\n[up](../README.md#how-it-works)\n```\n# no title\n```\n"}
        self.assertEqual(set(), findings(good))
        self.assertEqual({("README.md", "link")}, findings({"README.md": page}))
        self.assertEqual({("a.md", "link")}, findings({"a.md": "# A\n[x](#nowhere)\n"}))
        self.assertEqual({("a.md", "title")}, findings({"a.md": "# A\n# B\n"}))


if __name__ == "__main__":
    unittest.main()
