"""The files to deploy with, held to the code; and what they describe, as processes without containers.

No container engine is needed: the same command runs twice on one PostgreSQL, with the environment of compose.yaml.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.routing import Route
from starlette.testclient import TestClient

from app.cli_access import check_host
from app.cli_serve import GRACE_SECONDS, server_settings
from app.settings import VARIABLES, VERSION, Settings, from_environment
from app.web.health import MOST_SECONDS
from app.web.sizes import SERIES_LIMIT
from tests.contract.asking import QUESTION
from tests.contract.processes import ROOT, Running, running
from tests.contract.test_workers import identifiers
from tests.databases import new_database

OURS = {one.name for one in VARIABLES}
FORWARDED = "FORWARDED_ALLOW_IPS"
"""uvicorn's own: whose word it takes for the address of a caller."""
_SUBSTITUTED = re.compile(r"\$\{(\w+)(?:(:-|:\?)([^}]*))?\}")


def instructions() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile, each on one line."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


def image(word: str) -> str:
    """Return the last instruction of a kind."""
    return [rest for name, rest in instructions() if name == word][-1]


def image_environment() -> dict[str, str]:
    return dict(one.split("=", 1) for name, rest in instructions() if name == "ENV" for one in shlex.split(rest))


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def manifest() -> dict[str, dict[str, Any]]:
    text = (ROOT / "deploy" / "kubernetes.yaml").read_text(encoding="utf-8")
    return {one["kind"]: one for one in yaml.safe_load_all(text)}


PROXY = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
OPERATORS = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
RETENTION = "DEELWIJZER_BEWAARTERMIJN_DAGEN"


def substituted(value: str, given: dict[str, str]) -> str:
    """Fill in the variables of a compose file, as compose does."""

    def fill(found: re.Match[str]) -> str:
        assert found[2] != ":?" or given.get(found[1]), f"{found[1]} is not given: {found[3]}"
        return given.get(found[1]) or (found[3] or "" if found[2] == ":-" else "")

    return _SUBSTITUTED.sub(fill, value)


def service_environment(compose: dict[str, Any], password: str = "geheim") -> dict[str, str]:
    """Return what a container of the service gets: the image's environment and that of compose.yaml."""
    own = compose["services"]["deelwijzer"]["environment"]
    return {
        **image_environment(),
        **{
            name: substituted(value, {"DATABASE_PASSWORD": password, "BEWAARTERMIJN_DAGEN": "365"})
            for name, value in own.items()
        },
    }


def test_every_variable_is_a_setting(compose: dict[str, Any], manifest: dict[str, dict[str, Any]]) -> None:
    named = {
        *compose["services"]["deelwijzer"]["environment"],
        *manifest["ConfigMap"]["data"],
        *(name for name in image_environment() if not name.startswith("PYTHON")),
    }
    assert named <= OURS | {FORWARDED}
    assert "DEELWIJZER_LOG_URL" in named
    for environment in (service_environment(compose), manifest["ConfigMap"]["data"]):
        settings = from_environment(environment)
        assert settings.access == ("sleutel",), "a service that others can reach asks who they are"
        assert (settings.host, settings.port) == ("0.0.0.0", 8000)
        assert environment[FORWARDED] == "*", "otherwise all callers share the address of what is in front"
    assert manifest["NetworkPolicy"]["spec"]["ingress"][0]["from"], "nobody else may say for whom it asks"


def test_the_image_runs_as_a_numeric_user_that_may_write_data_only(
    compose: dict[str, Any], manifest: dict[str, dict[str, Any]]
) -> None:
    user, _, group = image("USER").partition(":")
    assert user.isdigit()
    assert int(user) > 0
    assert f"--uid {user}" in str(instructions())
    assert from_environment(image_environment()).log_url == f"sqlite:///{image('VOLUME')}/deelwijzer.db"
    assert f"install -d -o {user} -g {group} {image('VOLUME')}" in str(instructions())
    service = compose["services"]["deelwijzer"]
    pod = manifest["Deployment"]["spec"]["template"]["spec"]
    assert service["user"] == image("USER")
    assert (pod["securityContext"]["runAsUser"], pod["securityContext"]["runAsGroup"]) == (int(user), int(group))
    assert pod["securityContext"]["runAsNonRoot"]
    assert service["read_only"]
    assert pod["containers"][0]["securityContext"]["readOnlyRootFilesystem"]
    assert service["tmpfs"] == [pod["containers"][0]["volumeMounts"][0]["mountPath"]] == ["/tmp"]


def test_the_image_holds_what_the_build_copies() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for name, rest in instructions():
        if name == "COPY":
            source = rest.split()[0]
            assert (ROOT / source).exists()
            assert f"!{source}" in ignored


def test_every_command_is_the_one_that_the_tests_start(
    compose: dict[str, Any], manifest: dict[str, dict[str, Any]]
) -> None:
    assert json.loads(image("ENTRYPOINT")) == ["python", "-m", "app.cli"]
    for given in (
        json.loads(image("CMD")),
        compose["services"]["deelwijzer"]["command"],
        manifest["Deployment"]["spec"]["template"]["spec"]["containers"][0]["args"],
    ):
        assert given == ["serve"]
    assert int(image("EXPOSE")) == 8000
    assert manifest["Deployment"]["spec"]["template"]["spec"]["containers"][0]["image"].endswith(f":{VERSION}")


def test_probes_ask_what_is_there(client: TestClient, manifest: dict[str, dict[str, Any]]) -> None:
    routes = {route.path for route in client.app.routes if isinstance(route, Route)}  # type: ignore[attr-defined]
    template = manifest["Deployment"]["spec"]["template"]
    container = template["spec"]["containers"][0]
    (port,) = container["ports"]
    assert str(port["containerPort"]) == manifest["ConfigMap"]["data"]["PORT"]
    probes = {name: container[name] for name in ("startupProbe", "readinessProbe", "livenessProbe")}
    for probe in probes.values():
        assert probe["httpGet"]["path"] in routes
        assert probe["httpGet"]["port"] == port["name"]
    assert probes["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert probes["livenessProbe"]["httpGet"]["path"] == "/livez", "a log that is away does not make it start again"
    assert probes["readinessProbe"]["timeoutSeconds"] > MOST_SECONDS
    assert template["metadata"]["annotations"]["prometheus.io/path"] in routes
    assert template["metadata"]["annotations"]["prometheus.io/port"] == str(port["containerPort"])
    assert manifest["Service"]["spec"]["ports"][0]["targetPort"] == port["name"]
    assert manifest["NetworkPolicy"]["spec"]["ingress"][0]["ports"] == [{"port": port["name"]}]


def test_everything_in_the_manifest_is_about_the_same_pods(manifest: dict[str, dict[str, Any]]) -> None:
    labels = manifest["Deployment"]["spec"]["template"]["metadata"]["labels"]
    assert manifest["Deployment"]["spec"]["selector"]["matchLabels"] == labels
    assert manifest["Service"]["spec"]["selector"] == labels
    assert manifest["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == labels
    assert manifest["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"] == labels
    assert manifest["Deployment"]["spec"]["replicas"] == 2 > manifest["PodDisruptionBudget"]["spec"]["minAvailable"]


def test_there_is_time_to_end_in_order(compose: dict[str, Any], manifest: dict[str, dict[str, Any]]) -> None:
    pod = manifest["Deployment"]["spec"]["template"]["spec"]
    pause = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert pod["terminationGracePeriodSeconds"] > pause + GRACE_SECONDS
    assert int(compose["services"]["deelwijzer"]["stop_grace_period"].removesuffix("s")) > GRACE_SECONDS


def test_the_proxy_leads_to_the_service_and_not_to_its_metrics(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["deelwijzer"]["deploy"]["replicas"] == 2
    assert "ports" not in services["deelwijzer"]
    (published,) = services["proxy"]["ports"]
    (mounted,) = services["proxy"]["volumes"]
    text = (ROOT / mounted.partition(":")[0]).read_text(encoding="utf-8")
    port = services["deelwijzer"]["environment"]["PORT"]
    assert f"server deelwijzer:{port} resolve;" in text
    assert published.startswith("127.0.0.1:")
    assert f"listen {published.rpartition(':')[2]};" in text
    for path in ("/livez", "/readyz", "/metrics"):
        assert f"location = {path} {{ return 404; }}" in text
    assert f"client_max_body_size {SERIES_LIMIT // 1024 // 1024}m;" in text
    assert text.count("{") == text.count("}")
    # Whoever the service believes must overwrite what callers say of themselves, and be the only one who reaches it.
    assert services["deelwijzer"]["environment"][FORWARDED] == "*"
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text
    assert "$proxy_add_x_forwarded_for" not in text
    assert set(services["proxy"]["networks"]) == {"inside", "outside"}
    assert services["database"]["networks"] == services["deelwijzer"]["networks"] == ["inside"]


@pytest.fixture(scope="module")
def replicas(postgres: str, compose: dict[str, Any]) -> Iterator[tuple[list[Running], str, dict[str, str]]]:
    """Run two processes as compose.yaml describes them; gives them, their one log, and what to ask with."""
    database = new_database(postgres)
    described = service_environment(compose)
    assert described["DEELWIJZER_LOG_URL"].startswith("postgresql://")
    settings = {name: value for name, value in described.items() if name in OURS and name not in ("HOST", "PORT")}
    # What is this machine's and not the image's: the database's address, and the folder with the verdict.
    settings |= {"DEELWIJZER_LOG_URL": database, "DEELWIJZER_CACHE": str(ROOT / ".cache")}
    assert key_of(settings) == {}, "before the service made its log there is nowhere to keep a key"
    with running(**settings) as one, running(**settings) as other:
        headers = key_of(settings)
        yield [one, other], database, headers
        assert (one.stop(), other.stop()) == (0, 0)


def key_of(
    settings: dict[str, str], words: Sequence[str] = ("sleutel", "new", "--naam", "Toepassing van de gemeente")
) -> dict[str, str]:
    """Make an API key as an operator does; returns the header to send, nothing where that is refused."""
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", *words],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    return {"x-api-key": done.stdout.strip()} if done.returncode == 0 else {}


def test_two_replicas_answer_from_one_log(replicas: tuple[list[Running], str, dict[str, str]]) -> None:
    services, database, headers = replicas
    body = json.dumps(QUESTION).encode()
    assert services[0].ask("POST", "/v1/advies", body)[0] == 401
    given = set()
    for service in services * 3:
        status, answer = service.ask("POST", "/v1/advies", body, headers)
        assert status == 200, answer
        given.add(json.loads(answer)["id"])
    # What one answered the other gives back.
    for service in services:
        for identifier in given:
            assert service.ask("GET", f"/v1/adviezen/{identifier}", headers=headers)[0] == 200
    assert given == identifiers(database)


def test_the_images_own_health_check_passes(replicas: tuple[list[Running], str, dict[str, str]]) -> None:
    services, _, _ = replicas
    command = json.loads(image("HEALTHCHECK").partition("CMD")[2])
    command[0] = sys.executable
    for port, expected in ((services[0].port, 0), (1, 1)):
        done = subprocess.run(command, env={**os.environ, "PORT": str(port)}, capture_output=True, check=False)
        assert done.returncode == expected


def test_whoever_is_in_front_closes_an_idle_connection_first() -> None:
    """Else a question that is on its way meets a connection that the service just closed: a 502."""
    found = re.search(r"upstream deelwijzer \{[^}]*\bkeepalive_timeout (\d+)s;", PROXY)
    assert found is not None
    served = server_settings(Settings())["timeout_keep_alive"]
    assert int(found[1]) + 5 <= served == Settings().idle_seconds
    assert f"`--timeout-keep-alive {served}`" in OPERATORS


def test_a_retention_is_asked_for(compose: dict[str, Any], manifest: dict[str, dict[str, Any]]) -> None:
    """compose and Kubernetes start nothing before somebody chose how long records are kept."""
    assert compose["services"]["deelwijzer"]["environment"][RETENTION].startswith("${BEWAARTERMIJN_DAGEN:?")
    (asked,) = manifest["Deployment"]["spec"]["template"]["spec"]["containers"][0]["env"]
    chosen = asked["valueFrom"]["configMapKeyRef"]
    assert asked["name"] == RETENTION
    assert not chosen.get("optional", False)
    assert chosen["name"] != manifest["ConfigMap"]["metadata"]["name"]
    command = f"kubectl create configmap {chosen['name']} --from-literal={chosen['key']}="
    assert command in (ROOT / "deploy" / "kubernetes.yaml").read_text(encoding="utf-8")
    assert RETENTION in OPERATORS.partition("\n## ")[0]


def test_one_tag_is_named_everywhere(compose: dict[str, Any], manifest: dict[str, dict[str, Any]]) -> None:
    pod = manifest["Deployment"]["spec"]["template"]["spec"]
    wanted = f"deelwijzer:{VERSION}"
    assert pod["containers"][0]["image"] == compose["services"]["deelwijzer"]["image"] == wanted
    assert f"docker build -t {wanted} ." in OPERATORS
    for text in (OPERATORS, (ROOT / "README.md").read_text(encoding="utf-8")):
        assert set(re.findall(r"\bdeelwijzer:(\d[\w.]*)", text)) <= {VERSION, "8000"}


def test_neighbours_are_bounded(compose: dict[str, Any], manifest: dict[str, dict[str, Any]]) -> None:
    for service in compose["services"].values():
        limits = service["deploy"]["resources"]["limits"]
        assert limits.keys() == {"memory", "pids"}
    zone = re.search(r"limit_conn_zone \$binary_remote_addr zone=(\w+):", PROXY)
    assert zone is not None
    assert re.search(rf"limit_conn {zone[1]} \d+;", PROXY)
    policy = manifest["NetworkPolicy"]["spec"]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert [{one["port"] for one in rule["ports"]} for rule in policy["egress"]] == [{53}, {5432}]
    assert all(rule["to"] for rule in policy["egress"]), "no rule lets out to everywhere"


def test_the_docker_commands_of_the_operators_page_lead_to_a_key_that_works(tmp_path: Path) -> None:
    """Without a container engine: the same commands, with the image's environment, as processes."""
    lines = [shlex.split(line) for line in OPERATORS.splitlines() if line.startswith("docker ")]
    build, run, make = (next(one for one in lines if one[1] == word) for word in ("build", "run", "exec"))
    wanted = build[build.index("-t") + 1]
    assert run[-1] == wanted, "it runs the image that was built, with its own command"
    assert make[2] == run[run.index("--name") + 1]
    assert make[3] == "deelwijzer"
    given = dict(value.split("=", 1) for option, value in pairwise(run) if option == "-e")
    assert f"{run[run.index('-v') + 1].partition(':')[2]}" == image("VOLUME")
    described = {**image_environment(), **given}
    check_host(from_environment(described))
    assert from_environment(described).retention_days is not None
    settings = {name: value for name, value in described.items() if name in OURS and name not in ("HOST", "PORT")}
    settings["DEELWIJZER_LOG_URL"] = described["DEELWIJZER_LOG_URL"].replace(image("VOLUME"), str(tmp_path))
    settings["DEELWIJZER_CACHE"] = str(ROOT / ".cache")
    with running(**settings) as service:
        headers = key_of(settings, make[4:])
        status, answer = service.ask("POST", "/v1/advies", json.dumps(QUESTION).encode(), headers)
        assert status == 200, answer


def test_the_readme_and_the_operators_page_name_the_files() -> None:
    told = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/operators.md"))
    for name in ("compose.yaml", "deploy/nginx.conf", "deploy/kubernetes.yaml", "Dockerfile"):
        assert name in told
        assert Path(ROOT, name).is_file()
