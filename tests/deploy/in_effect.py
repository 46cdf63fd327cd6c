"""What a deployment's variables come to: lethe's own word for it."""
import json
import os
import subprocess

CERTIFICATE_VARIABLES = ("LETHE_TLS_CERTIFICATE", "LETHE_TLS_KEY")


def configuration(lethe, variables, certificates):
    """Checks the variables as a start would, with the certificate of a folder; returns the configuration in effect, as a dict."""
    own = variables | dict(zip(CERTIFICATE_VARIABLES, (str(certificates / "chain.pem"), str(certificates / "key.pem"))))
    environment = {"PATH": os.environ["PATH"]} | own
    checked = subprocess.run([lethe, "--check-config"], env=environment, capture_output=True, text=True)
    assert checked.returncode == 0, f"lethe refuses the variables: {checked.stderr}"
    return json.loads(subprocess.run([lethe, "--print-config"], env=environment, check=True, capture_output=True).stdout)


def port_of(endpoint):
    return int(endpoint.rsplit(":", 1)[1])
