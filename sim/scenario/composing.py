"""From words on a command line to a validated Scenario: Hydra composes the YAML, pydantic checks it.

Every problem ends in one `BadInput` that names the key, the value, what is allowed and the nearest valid
name.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, Field, ValidationError, field_validator

from sim.declarations.regimes import Regime, Share
from sim.inputs import library
from sim.inputs.problems import BadInput, explain, unknown
from sim.inputs.strict import STRICT
from sim.scenario.scenario import Scenario, make_scenario
from sim.systems.made_up import spelt_out

# Mappings that may have keys which the YAML does not list; pydantic checks these.
OPEN = ("params", "dials", "design", "cluster", "variants", "factors", "rules_compared")


class Rules(BaseModel):
    """The steps of the month that do not act."""

    model_config = STRICT
    off: tuple[str, ...] = ()


class Composed(BaseModel):
    """The data that Hydra composed, before it becomes a Scenario; the keys of `configs/scenario.yaml`."""

    model_config = STRICT
    system: dict[str, Any]
    system_name: str
    params: dict[str, Any] = Field(default_factory=dict)
    dials: dict[str, Any] = Field(default_factory=dict)
    payment: Literal["equal", "preset"] = "preset"
    equal_block: Share = 0.5
    rules: Rules = Rules()
    events: list[dict[str, Any]] | str = Field(default_factory=list)
    months: Annotated[int, Field(ge=1, le=1200)] = 120
    table_size: Annotated[int, Field(ge=1, le=256)] = 32

    def identity(self) -> dict[str, Any]:
        """Return all that decides the results, as plain data: everything but the number of threads."""
        return self.model_dump(mode="json", exclude={"threads"})

    @property
    def called(self) -> str:
        """The name of a folder of its results."""
        return self.system_name

    @field_validator("events", mode="before")
    @classmethod
    def _events_given(cls, events: Any) -> Any:
        if not isinstance(events, (list, tuple, str)):
            raise ValueError("should be a list, or the name of a file in configs/event")
        return list(events) if isinstance(events, tuple) else events

    @field_validator("system")
    @classmethod
    def _spelt_out(cls, system: dict[str, Any]) -> dict[str, Any]:
        return spelt_out(system)  # needed where Hydra itself composed; `compose` did this already

    def scenario(self, regime: str) -> Scenario:
        """The scenario of one regime. Raises BadInput."""
        events = library.read("event", self.events) if isinstance(self.events, str) else self.events
        named = [e["regime"] for e in events if isinstance(e, dict) and isinstance(e.get("regime"), str)]
        return make_scenario(
            system_name=self.system_name,
            system=self.system,
            regime=regime,
            regimes={name: self.regime(name) for name in dict.fromkeys([regime, *named])},
            params=self.params,
            off=self.rules.off,
            events=events,
            months=self.months,
            table_size=self.table_size,
        )

    def regime(self, name: str) -> Regime:
        """Return a regime's preset, changed by this command's dials and payment. Raises BadInput."""
        preset = library.read("regime", name)
        allowed = [dial for dial in Regime.model_fields if dial not in ("label", "sources")]
        problems = [
            unknown(f"dials.{dial} = {value!r}", dial, allowed)
            for dial, value in self.dials.items()
            if dial not in allowed
        ]
        if problems:
            raise BadInput("\n".join(problems))
        if self.payment == "equal":
            preset["block"] = self.equal_block
        try:
            return Regime.model_validate({**preset, **self.dials})
        except ValidationError as error:
            raise BadInput(
                explain(error, Regime, "dials." if self.dials else f"configs/regime/{name}.yaml: ")
            ) from None


Asked = TypeVar("Asked", bound=Composed)


def open_keys(overrides: Sequence[str]) -> list[str]:
    """Let `params.x=1`, `params={x: 1}` and `system.also=[...]` set keys that the composed YAML does not
    list; pydantic checks them.

    `system=QHM` becomes `system=qhm`. `params=posterior`, a table of parameter sets, becomes
    `parameter_sets=posterior`. Raises BadInput for `regime.x=1`, which Hydra would accept without any effect.
    """
    words = []
    for word in overrides:
        key, _, value = word.partition("=")
        if key.lstrip("+~").startswith("regime."):
            raise BadInput(
                f"{key}: a regime is chosen by name, regime=option2; its dials are turned by "
                f"dials.{key.partition('.')[2]}=..."
            )
        if key == "params" and not value.startswith(("{", "[")):
            word = f"parameter_sets={value}"
        if key == "system" and value.lower() in library.names("system"):
            word = f"system={value.lower()}"
        opened = (*(f"{name}." for name in OPEN), *(f"{name}={{" for name in OPEN), "system.also=")
        words.append(f"++{word}" if word.startswith(opened) else word)
    return words


def compose(config: str, overrides: Sequence[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Compose `configs/<config>.yaml` with overrides: (plain data, each group's choice). Raises BadInput."""
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    try:
        with initialize_config_dir(str(library.folder()), version_base="1.3"):
            config_ = hydra_compose(config, open_keys(overrides), return_hydra_config=True)
            choices = {str(group): str(name) for group, name in config_.hydra.runtime.choices.items()}
            plain = {str(key): value for key, value in config_.items() if key != "hydra"}
            resolved = OmegaConf.to_container(OmegaConf.create(plain), resolve=True)
    except (HydraException, OmegaConfBaseException, ValueError) as error:
        from sim.scenario.hydra_errors import in_plain_words

        raise BadInput(in_plain_words(error, lambda: list(compose(config, ())[0]))) from None
    assert isinstance(resolved, dict)
    if "system" in resolved:
        resolved["system"] = spelt_out(resolved["system"])
    return {str(key): value for key, value in resolved.items()}, choices


def load(*overrides: str) -> Scenario:
    """Load a scenario from `configs/scenario.yaml` and overrides: "system=dorset", "params.squeeze=0.015".

    Raises BadInput (a ValueError) that names every key at fault, its value, what is allowed and the nearest
    valid name.
    """
    if not all(isinstance(word, str) for word in overrides):
        raise BadInput(
            f'{overrides!r}: words are needed, such as sim.load("system=dorset", "params.squeeze=0.015")'
        )
    composed, choices = compose("scenario", overrides)
    composed.pop("regime")
    composed["system_name"] = choices["system"]
    return check(Composed, composed).scenario(choices["regime"])


def request_from(model: type[Asked], composed: dict[str, Any], choices: dict[str, str]) -> Asked:
    """Validate the request of one command. Raises BadInput."""
    found = check(model, {**composed, "system_name": choices["system"]})
    assert isinstance(found, model)
    return found


def asked(model: type[Asked], experiment: str, *overrides: str) -> Asked:
    """Return an experiment's request, from the words of its command line. Raises BadInput that names every
    key at fault.
    """
    return request_from(model, *compose(f"experiment/{experiment}", overrides))


def plain(given: Any) -> Any:
    """Return a model as plain data, and anything else as it is."""
    return given.model_dump() if isinstance(given, BaseModel) else given


def check(model: type[Composed], composed: dict[str, Any]) -> Any:
    """Validate composed data against a model. Raises BadInput."""
    try:
        return model.model_validate(composed)
    except ValidationError as error:
        raise BadInput(explain(error, model)) from None
