"""Proves that include_graph.py catches each kind of planted violation, and lets what is right pass."""
import unittest

import include_graph
from planted import PlantedTree


class IncludeGraph(unittest.TestCase):
    def problems(self, **files):
        with PlantedTree(files) as root:
            return include_graph.check(root)

    def assert_clean(self, **files):
        self.assertEqual(self.problems(**files), [])

    def assert_reports(self, text, **files):
        problems = self.problems(**files)
        self.assertEqual(len(problems), 1, problems)
        self.assertIn(text, problems[0])

    def test_lets_a_layer_include_what_stands_before_it(self):
        self.assert_clean(**{
            "include/lethe/base/ids.hpp": "#include <array>\n#include <boost/system/result.hpp>\n",
            "server/wire/decoder.hpp": "#include <lethe/base/ids.hpp>\n#include <nlohmann/json.hpp>\n",
            "server/session/greeting.hpp": '#include "wire/decoder.hpp"\n',
            "server/net/session.cpp": '#include <boost/asio/post.hpp>\n#include <sys/socket.h>\n#include "session/greeting.hpp"\n',
            "server/main.cpp": '#include <spdlog/spdlog.h>\n#include "session/greeting.hpp"\n',
        })

    def test_reports_a_layer_that_looks_upward(self):
        self.assert_reports("server/wire/decoder.hpp:2: ", **{
            "server/session/greeting.hpp": "",
            "server/wire/decoder.hpp": '#include <array>\n#include "session/greeting.hpp"\n',
        })

    def test_reports_identity_that_uses_the_mailbox(self):
        self.assert_reports("identity stands before or beside mailbox", **{
            "include/lethe/mailbox/payload.hpp": "",
            "server/identity/invite.cpp": "#include <lethe/mailbox/payload.hpp>\n",
        })

    def test_reports_ops_that_uses_the_session(self):
        self.assert_reports("ops stands before or beside session", **{
            "server/session/greeting.hpp": "",
            "server/ops/log.cpp": '#include "session/greeting.hpp"\n',
        })

    def test_reports_a_doctor_that_knows_a_start(self):
        self.assert_reports("doctor", **{
            "server/start/run.hpp": "",
            "server/doctor/checks.cpp": '#include "start/run.hpp"\n',
        })

    def test_reports_a_lock_down_that_knows_what_it_confines(self):
        self.assert_reports("lockdown stands before or beside net", **{
            "server/net/listener.hpp": "",
            "server/lockdown/confine.cpp": '#include "net/listener.hpp"\n',
        })
        self.assert_reports("lockdown stands before or beside ops", **{
            "server/ops/config.hpp": "",
            "server/lockdown/confine.cpp": '#include "ops/config.hpp"\n',
        })
        self.assert_clean(**{
            "server/lockdown/step.hpp": "",
            "server/lockdown/filter.cpp": "#include <seccomp.h>\n",
            "server/ops/event_log.cpp": '#include "lockdown/step.hpp"\n',
        })

    def test_lets_nothing_but_main_use_the_composition_root(self):
        for layer in ("net", "ops", "lockdown"):
            with self.subTest(layer=layer):
                self.assert_reports(f"{layer} stands before or beside start", **{
                    "server/start/run.hpp": "",
                    f"server/{layer}/a.cpp": '#include "start/run.hpp"\n',
                })
        self.assert_clean(**{
            "server/start/run.hpp": "",
            "server/net/relay.hpp": "",
            "server/lockdown/step.hpp": "",
            "server/start/run.cpp": '#include "lockdown/step.hpp"\n#include "net/relay.hpp"\n#include <seccomp.h>\n',
            "server/main.cpp": '#include "start/run.hpp"\n',
        })

    def test_reports_a_client_that_uses_the_server(self):
        self.assert_reports("client stands before or beside wire", **{
            "include/lethe/wire/messages.hpp": "",
            "clients/cpp/client/codec.cpp": "#include <lethe/wire/messages.hpp>\n",
        })

    def test_lets_the_auditor_use_its_client_and_the_names_of_ids(self):
        self.assert_clean(**{
            "include/lethe/base/ids.hpp": "",
            "server/audit/peer/key.hpp": "#include <openssl/evp.h>\n#include <lethe/base/ids.hpp>\n",
            "server/audit/workload/mail.cpp": '#include "audit/peer/key.hpp"\n#include <lethe/base/ids.hpp>\n',
        })

    def test_reports_an_auditor_that_uses_the_server(self):
        self.assert_reports("audit stands before or beside base", **{
            "include/lethe/base/wipe.hpp": "",
            "server/audit/audit.cpp": "#include <lethe/base/wipe.hpp>\n",
        })
        self.assert_reports("peer stands before or beside audit", **{
            "server/audit/phase.hpp": "",
            "server/audit/peer/peer.cpp": '#include "audit/phase.hpp"\n',
        })

    def test_reports_a_client_library_that_uses_the_program(self):
        self.assert_reports("client stands before or beside cli", **{
            "clients/cpp/cli/args.hpp": "",
            "clients/cpp/client/codec.cpp": '#include "cli/args.hpp"\n',
        })

    def test_reports_third_party_headers_of_another_layer(self):
        for path, header in {
            "server/base/arena.cpp": "boost/asio.hpp",
            "server/mailbox/engine.cpp": "nlohmann/json.hpp",
            "server/wire/decoder.cpp": "openssl/evp.h",
            "server/session/greeting.cpp": "nlohmann/json.hpp",
            "server/net/listener.cpp": "spdlog/spdlog.h",
            "server/ops/metrics.cpp": "boost/beast.hpp",
            "server/identity/auth.cpp": "sodium.h",
            "server/ops/startup.cpp": "seccomp.h",
            "server/lockdown/filter.cpp": "openssl/evp.h",
        }.items():
            with self.subTest(path=path):
                self.assert_reports("does not use", **{path: f"#include <{header}>\n"})

    def test_reports_threads_files_and_sockets_below_the_edge(self):
        for header in ("thread", "fstream", "sys/socket.h", "unistd.h"):
            with self.subTest(header=header):
                self.assert_reports("belongs to the edge", **{"server/session/a.cpp": f"#include <{header}>\n"})

    def test_lets_the_arena_ask_the_system_for_memory(self):
        self.assert_clean(**{"server/base/arena.cpp": "#include <sys/mman.h>\n"})

    def test_reports_a_private_header_in_the_contract(self):
        self.assert_reports("includes only <lethe/…>", **{
            "include/lethe/base/ids.hpp": "",
            "include/lethe/base/time.hpp": '#include "ids.hpp"\n',
        })

    def test_reports_an_include_that_names_no_file(self):
        self.assert_reports("no file of the project", **{"server/base/a.cpp": '#include "base/gone.hpp"\n'})

    def test_reports_a_cycle(self):
        self.assert_reports("include cycle", **{
            "server/base/a.hpp": '#include "base/b.hpp"\n',
            "server/base/b.hpp": '#include "base/a.hpp"\n',
        })

    def test_ignores_an_include_in_a_comment(self):
        self.assert_clean(**{"server/base/a.cpp": "// #include <spdlog/spdlog.h>\n//\n#include <array>\n"})


if __name__ == "__main__":
    unittest.main()
