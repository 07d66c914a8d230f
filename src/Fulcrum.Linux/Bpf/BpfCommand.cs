namespace Fulcrum.Linux.Bpf;

/// <summary>BPF_*, what bpf(2) is asked to do.</summary>
internal enum BpfCommand
{
    MakeMap = 0,
    Lookup = 1,
    Update = 2,
    Delete = 3,
    NextKey = 4,
    LoadProgram = 5,
    Pin = 6,
    OpenPin = 7,
    TestRun = 10,
    MapById = 14,
    ProgramById = 13,
    Information = 15,
    Query = 16,
    LoadTypes = 18,
    LookupAndDelete = 21,
    Freeze = 22,
    LookupBatch = 24,
    LookupAndDeleteBatch = 25,
    UpdateBatch = 26,
    DeleteBatch = 27,
    MakeLink = 28,
    UpdateLink = 29,
    LinkById = 30,
    DetachLink = 34,
}
