using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Draining;
using Fulcrum.Forwarding.Xdp.Numbering;
using Fulcrum.Forwarding.Xdp.Pinning;
using Fulcrum.Forwarding.Xdp.Placing;
using Fulcrum.Forwarding.Xdp.Translating;
using Fulcrum.Forwarding.Xdp.Ways;
using Fulcrum.Linux;
using Fulcrum.Linux.Bpf.Maps;
using Fulcrum.Linux.Bpf.Objects;
using Fulcrum.Linux.Bpf.Programs;
using Fulcrum.Model;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Services;

namespace Fulcrum.Forwarding.Xdp;

/// <summary>
/// A balancer of our own in the kernel: a program (<c>bpf/balancer</c>) that sees each frame at the driver (XDP), or in
/// traffic control where a driver cannot run it, and sends those for a vip on to a backend. All that is done here is to keep
/// its tables as they are wanted: which vips there are, the ring of each (Maglev, the same on all nodes of a group), and
/// the way to each backend, by the kernel's routes and neighbors.
/// <para>
/// Tables and program have names in the BPF file system (<see cref="PinFolder"/>): they go on without this process, and the
/// next one takes them over. What flows stay where they are. A program with other features takes the place of the one
/// before in one step, over the same tables.
/// </para>
/// <para>
/// What can fail is done when a table is prepared: the program is loaded, and attached to interfaces that it does not
/// stand at yet, where it lets everything pass that its tables do not have. Committing writes the tables. A service that
/// goes, or a backend that drains, gets nobody new until its deadline.
/// </para>
/// </summary>
public sealed partial class BpfPlane : IPlane, IAsyncDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly PlaneKind _kind;
    private readonly PlaneOffer _whole;
    private readonly BpfPlaneOptions _options;
    private readonly TimeProvider _time;
    private readonly PinFolder _pins;
    private readonly WayFinder _finder;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly DrainClock _drains = new();
    private readonly LeavingVips _leaving = new();
    private readonly Places _places;
    private Ground? _ground;
    private XdpProgram? _program;
    private XdpOptions? _programFor;
    private TableWriter? _writer;
    private BpfMap<uint, OwnerDigest>? _owners;
    private NumberBook? _backendNumbers;
    private NumberBook? _vipNumbers;
    private VipTranslation _translation = VipTranslation.Empty;
    private Dictionary<IPAddress, Way> _ways = [];
    private bool _wasLoaded;
    private bool _isPreparing;
    private volatile bool _isResting;
    private volatile string? _trouble;
    private long _writes;

    /// <param name="kind"><see cref="PlaneKind.Xdp"/> or <see cref="PlaneKind.Tc"/>.</param>
    public BpfPlane(PlaneKind kind, BpfPlaneOptions options, TimeProvider time)
    {
        (_kind, _options, _time) = (kind, options, time);
        _whole = kind == PlaneKind.Xdp ? PlaneOffer.Xdp : PlaneOffer.Tc;
        Offer = _whole with { Forwardings = [] };
        _pins = PinFolder.Of(options.FileSystem, options.State, Name);
        _finder = new(options.Net);
        _places = new(kind, _pins, options.Net);
    }

    public PlaneOffer Offer { get; private set; }

    public string? Trouble => _trouble;

    public long Writes => Volatile.Read(ref _writes);

    private string Name => _kind == PlaneKind.Xdp ? "xdp" : "tc";

    private DateTimeOffset Now => _time.GetUtcNow();

    public async ValueTask LookAsync(Snapshot snapshot, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            // Who gives it no interface does not ask for it, and need not hear of it.
            var offer = snapshot.Xdp.Interfaces.IsEmpty
                ? _whole with
                {
                    Forwardings = [],
                }
                : _whole with
                {
                    Unavailable = await WhyNotAsync(snapshot.Xdp, cancellation),
                };
            Offer = offer == Offer ? Offer : offer;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask<IPreparedTable> PrepareAsync(PlaneTable table, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var translation = new VipTranslation(table, _translation, _drains, Now);
            Refuse(translation.Problems);
            if (translation.Vips.Count == 0)
            {
                return new PreparedTable(this, translation, null, []);
            }

            var prepared = await GetReadyAsync(translation, cancellation);
            _isPreparing = true;
            return prepared;
        }
        catch (Exception error) when (IsOfTheMachine(error) || error is BpfRefusedException or BpfObjectException)
        {
            throw new PlaneRefusedException(AboutAll(table, error.Message));
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        Close();
        _turn.Dispose();
    }

    private async Task<string?> WhyNotAsync(XdpSettings settings, CancellationToken cancellation)
    {
        if (ProgramTrial.WhyNotAllowed() is { } why)
        {
            return why;
        }

        try
        {
            var ground = await Ground.LookAsync(_options.Net, _options.Open, settings, _time, cancellation);
            return ground.WhyNowhere()
                ?? (_kind == PlaneKind.Xdp ? ground.WhyNotInDriver(settings.Generic) : null)
                ?? ProgramTrial.WhyNoFileSystem(_options.FileSystem)
                ?? WhyNotLoaded();
        }
        catch (Exception error) when (IsOfTheMachine(error))
        {
            return error.Message;
        }
    }

    // That may take a quarter of a second, and what this kernel took once it takes again.
    private string? WhyNotLoaded()
    {
        if (_wasLoaded || _program is not null)
        {
            return null;
        }

        var why = ProgramTrial.WhyNotLoaded();
        _wasLoaded = why is null;
        return why;
    }

    /// <summary>Numbers, ways, a program with all features that are asked for, and a place at each interface.</summary>
    private async Task<PreparedTable> GetReadyAsync(VipTranslation translation, CancellationToken cancellation)
    {
        if (_pins.Make() is { } why)
        {
            throw new PlaneRefusedException(AboutAll(translation.Table, why));
        }

        var settings = translation.Table.Xdp;
        var ground = _ground = await Ground.LookAsync(_options.Net, _options.Open, settings, _time, cancellation);
        var vips = translation.Vips.Concat(_translation.Vips).Concat(_leaving.All).ToList();
        await FindWaysAsync(vips, refreshes: false, cancellation);
        OpenBook();
        var options = Tailoring.OptionsFor(vips, settings, ground, SizesOf(vips));
        var program = options == _programFor ? null : new XdpProgram(options, _pins);
        var attached = new List<string>();
        try
        {
            // Now it shows whether the kernel takes it.
            _ = ProgramOf(program ?? _program!);
            // Numbers are given before anybody goes by them.
            Number(vips, program ?? _program!);
            await _places.AdoptAsync();
            foreach (var one in ground.Interfaces)
            {
                if (one.Link is { } link && !_places.Has(one.Name, link.Index))
                {
                    await AttachAsync(translation.Table, one, program ?? _program!);
                    attached.Add(one.Name);
                }
            }
        }
        catch
        {
            foreach (var name in attached)
            {
                await _places.DetachAsync(name);
            }

            program?.Dispose();
            throw;
        }

        return new(this, translation, program is null ? null : (program, options), attached);
    }

    private async Task AttachAsync(PlaneTable table, GroundInterface place, XdpProgram program)
    {
        try
        {
            await _places.AttachAsync(
                place.Name,
                place.Link!.Index,
                ProgramOf(program),
                isGeneric: !place.RunsPrograms
            );
        }
        catch (LinuxException error)
        {
            throw new PlaneRefusedException(AboutAll(table, Attaching.Explain(_kind, place, error)));
        }
    }

    private BpfProgram ProgramOf(XdpProgram program) => _kind == PlaneKind.Xdp ? program.Program : program.TcProgram;

    private void Close()
    {
        _places.Dispose();
        _program?.Dispose();
        _owners?.Dispose();
        (_program, _programFor, _writer, _owners) = (null, null, null, null);
        (_backendNumbers, _vipNumbers) = (null, null);
    }

    private static List<Problem> AboutAll(PlaneTable table, string message) =>
        [
            .. table.Services.Values.SelectMany(service =>
                service.Listeners.Select(
                    (_, index) => new Problem { Path = $"services.{service.Name}.listen[{index}]", Message = message }
                )
            ),
        ];

    private static void Refuse(IReadOnlyList<Problem> problems)
    {
        if (problems.Count > 0)
        {
            throw new PlaneRefusedException(problems);
        }
    }

    /// <param name="program">Takes the place of the one before. Null: that one stays.</param>
    /// <param name="attached">Interfaces that it stands at only for this table.</param>
    private sealed class PreparedTable(
        BpfPlane plane,
        VipTranslation translation,
        (XdpProgram Program, XdpOptions Options)? program,
        IReadOnlyList<string> attached
    ) : IPreparedTable
    {
        private bool _isCommitted;

        public async ValueTask CommitAsync()
        {
            _isCommitted = true;
            await plane.CommitAsync(translation, program);
        }

        public ValueTask DisposeAsync() =>
            _isCommitted ? ValueTask.CompletedTask : plane.AbandonAsync(program?.Program, attached);
    }
}
