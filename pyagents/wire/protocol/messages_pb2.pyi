# Generated from ns3_scratch/gym/messages.proto: protoc -I ns3_scratch/gym --pyi_out=pyagents/wire messages.proto
# ruff: noqa
# fmt: off
# mypy: disable-error-code="type-arg"
from google.protobuf import any_pb2 as _any_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

Box: SpaceType
DESCRIPTOR: _descriptor.FileDescriptor
DOUBLE: Dtype
Dict: SpaceType
Discrete: SpaceType
FLOAT: Dtype
INT: Dtype
NoDType: Dtype
NoSpaceType: SpaceType
Tuple: SpaceType
UINT: Dtype

class BoxDataContainer(_message.Message):
    __slots__ = ["doubleData", "dtype", "floatData", "intData", "shape", "uintData"]
    DOUBLEDATA_FIELD_NUMBER: _ClassVar[int]
    DTYPE_FIELD_NUMBER: _ClassVar[int]
    FLOATDATA_FIELD_NUMBER: _ClassVar[int]
    INTDATA_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    UINTDATA_FIELD_NUMBER: _ClassVar[int]
    doubleData: _containers.RepeatedScalarFieldContainer[float]
    dtype: Dtype
    floatData: _containers.RepeatedScalarFieldContainer[float]
    intData: _containers.RepeatedScalarFieldContainer[int]
    shape: _containers.RepeatedScalarFieldContainer[int]
    uintData: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, dtype: _Optional[_Union[Dtype, str]] = ..., shape: _Optional[_Iterable[int]] = ..., intData: _Optional[_Iterable[int]] = ..., uintData: _Optional[_Iterable[int]] = ..., floatData: _Optional[_Iterable[float]] = ..., doubleData: _Optional[_Iterable[float]] = ...) -> None: ...

class BoxSpace(_message.Message):
    __slots__ = ["dtype", "high", "low", "shape"]
    DTYPE_FIELD_NUMBER: _ClassVar[int]
    HIGH_FIELD_NUMBER: _ClassVar[int]
    LOW_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    dtype: Dtype
    high: float
    low: float
    shape: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, low: _Optional[float] = ..., high: _Optional[float] = ..., dtype: _Optional[_Union[Dtype, str]] = ..., shape: _Optional[_Iterable[int]] = ...) -> None: ...

class DataContainer(_message.Message):
    __slots__ = ["data", "name", "type"]
    DATA_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    data: _any_pb2.Any
    name: str
    type: SpaceType
    def __init__(self, type: _Optional[_Union[SpaceType, str]] = ..., data: _Optional[_Union[_any_pb2.Any, _Mapping]] = ..., name: _Optional[str] = ...) -> None: ...

class DictDataContainer(_message.Message):
    __slots__ = ["element"]
    ELEMENT_FIELD_NUMBER: _ClassVar[int]
    element: _containers.RepeatedCompositeFieldContainer[DataContainer]
    def __init__(self, element: _Optional[_Iterable[_Union[DataContainer, _Mapping]]] = ...) -> None: ...

class DictSpace(_message.Message):
    __slots__ = ["element"]
    ELEMENT_FIELD_NUMBER: _ClassVar[int]
    element: _containers.RepeatedCompositeFieldContainer[SpaceDescription]
    def __init__(self, element: _Optional[_Iterable[_Union[SpaceDescription, _Mapping]]] = ...) -> None: ...

class DiscreteDataContainer(_message.Message):
    __slots__ = ["data"]
    DATA_FIELD_NUMBER: _ClassVar[int]
    data: int
    def __init__(self, data: _Optional[int] = ...) -> None: ...

class DiscreteSpace(_message.Message):
    __slots__ = ["n"]
    N_FIELD_NUMBER: _ClassVar[int]
    n: int
    def __init__(self, n: _Optional[int] = ...) -> None: ...

class EnvActMsg(_message.Message):
    __slots__ = ["actData", "stopSimReq"]
    ACTDATA_FIELD_NUMBER: _ClassVar[int]
    STOPSIMREQ_FIELD_NUMBER: _ClassVar[int]
    actData: DataContainer
    stopSimReq: bool
    def __init__(self, actData: _Optional[_Union[DataContainer, _Mapping]] = ..., stopSimReq: bool = ...) -> None: ...

class EnvStateMsg(_message.Message):
    __slots__ = ["info", "isGameOver", "obsData", "reason", "reward"]
    class Reason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = []
    GameOver: EnvStateMsg.Reason
    INFO_FIELD_NUMBER: _ClassVar[int]
    ISGAMEOVER_FIELD_NUMBER: _ClassVar[int]
    OBSDATA_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REWARD_FIELD_NUMBER: _ClassVar[int]
    SimulationEnd: EnvStateMsg.Reason
    info: str
    isGameOver: bool
    obsData: DataContainer
    reason: EnvStateMsg.Reason
    reward: float
    def __init__(self, obsData: _Optional[_Union[DataContainer, _Mapping]] = ..., reward: _Optional[float] = ..., isGameOver: bool = ..., reason: _Optional[_Union[EnvStateMsg.Reason, str]] = ..., info: _Optional[str] = ...) -> None: ...

class SimInitAck(_message.Message):
    __slots__ = ["done", "stopSimReq"]
    DONE_FIELD_NUMBER: _ClassVar[int]
    STOPSIMREQ_FIELD_NUMBER: _ClassVar[int]
    done: bool
    stopSimReq: bool
    def __init__(self, done: bool = ..., stopSimReq: bool = ...) -> None: ...

class SimInitMsg(_message.Message):
    __slots__ = ["actSpace", "obsSpace", "simProcessId", "wafShellProcessId"]
    ACTSPACE_FIELD_NUMBER: _ClassVar[int]
    OBSSPACE_FIELD_NUMBER: _ClassVar[int]
    SIMPROCESSID_FIELD_NUMBER: _ClassVar[int]
    WAFSHELLPROCESSID_FIELD_NUMBER: _ClassVar[int]
    actSpace: SpaceDescription
    obsSpace: SpaceDescription
    simProcessId: int
    wafShellProcessId: int
    def __init__(self, simProcessId: _Optional[int] = ..., wafShellProcessId: _Optional[int] = ..., obsSpace: _Optional[_Union[SpaceDescription, _Mapping]] = ..., actSpace: _Optional[_Union[SpaceDescription, _Mapping]] = ...) -> None: ...

class SpaceDescription(_message.Message):
    __slots__ = ["name", "space", "type"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SPACE_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    name: str
    space: _any_pb2.Any
    type: SpaceType
    def __init__(self, type: _Optional[_Union[SpaceType, str]] = ..., space: _Optional[_Union[_any_pb2.Any, _Mapping]] = ..., name: _Optional[str] = ...) -> None: ...

class TupleDataContainer(_message.Message):
    __slots__ = ["element"]
    ELEMENT_FIELD_NUMBER: _ClassVar[int]
    element: _containers.RepeatedCompositeFieldContainer[DataContainer]
    def __init__(self, element: _Optional[_Iterable[_Union[DataContainer, _Mapping]]] = ...) -> None: ...

class TupleSpace(_message.Message):
    __slots__ = ["element"]
    ELEMENT_FIELD_NUMBER: _ClassVar[int]
    element: _containers.RepeatedCompositeFieldContainer[SpaceDescription]
    def __init__(self, element: _Optional[_Iterable[_Union[SpaceDescription, _Mapping]]] = ...) -> None: ...

class SpaceType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class Dtype(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
