using System.Runtime.InteropServices;
using Fulcrum.Bench.Traffic;
using Fulcrum.Linux.Bpf.Links;
using Fulcrum.Linux.Bpf.Maps;
using Fulcrum.Linux.Bpf.Objects;
using Fulcrum.Linux.Bpf.Programs;

namespace Fulcrum.Bench.Live;

/// <summary>
/// Sends frames, and counts those that come out. The thread that sends takes each batch all the way: interfaces are polled
/// on its processor and its account before the next batch.
/// </summary>
internal sealed class Ends : IDisposable
{
    /// <summary>Each from a client of its own.</summary>
    public const int Flows = 1 << 14;

    private const string Resource = "live.bpf.o";

    private readonly BpfLoader _loader;
    private readonly BpfProgram _sending;
    private readonly BpfProgram _arriving;
    private readonly BpfMap<uint, Course> _courses;
    private readonly List<BpfLink> _links = [];

    public Ends()
    {
        _loader = new(EmbeddedPrograms.Read(Resource));
        _sending = _loader.Load("sending");
        _arriving = _loader.Load("arriving");
        Passing = _loader.Load("passing");
        _courses = new(_loader.Map("courses"));
    }

    /// <summary>Sends frames on to <see cref="Track.Out"/> without a look at them.</summary>
    public BpfProgram Passing { get; }

    /// <summary>What comes in at an interface has arrived.</summary>
    public void Receive(int link) => _links.Add(BpfLink.AttachXdp(_arriving, link, XdpMode.Driver));

    /// <summary>Sends so many frames, and tells what became of them.</summary>
    public Passage Send(Course course, int frames)
    {
        _courses.Set(0, course);
        var before = Native.ThreadTime();
        do
        {
            // A signal to this thread (of the runtime) ends it too early.
            _sending.Inject(MemoryMarshal.AsBytes<ulong>(course.Frame), frames - (int)course.Sent);
            _courses.TryGet(0, out course);
        } while ((int)course.Sent < frames);

        var time = Native.ThreadTime() - before;
        return new(time.TotalNanoseconds / course.Sent, course.Arrived / (double)course.Sent);
    }

    public void Dispose()
    {
        _links.ForEach(link => link.Dispose());
        _courses.Dispose();
        Passing.Dispose();
        _arriving.Dispose();
        _sending.Dispose();
        _loader.Dispose();
    }
}
