using System.Threading.Channels;
using Fulcrum.Engine.Journaling.Files;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Journaling;

/// <summary>
/// What must outlive a restart: a durable map of keys to values that survives a kill, a loss of power and a full disk
/// at any moment. What a value means is the affair of whoever wrote it.
/// <para>
/// On the disk is a row of files of which the newest counts. A file begins with a snapshot of all entries; each commit
/// adds one record with a sequence number and a checksum, and is acknowledged when that is flushed. When the records
/// outgrow the snapshot they began with, and at every start, a new file is written and takes its place by a rename.
/// The file before it is kept: should the newest snapshot become unreadable, it and its commits lead to the same state.
/// </para>
/// <para>
/// One task writes. All batches that come while it waits for the disk become one commit with one flush: all of them
/// are found after a crash, or none. As a commit is written only when the one before it is durable, a crash can tear
/// the last record alone; that is cut off when the journal is opened. Anything else that does not read is damage: it
/// is reported, the file is kept under a name that says so, and what can be read is loaded.
/// </para>
/// <para>
/// A commit that fails is taken back out of the file, and <see cref="Entries"/> does not show it. If the disk refuses
/// that, too, and the machine dies before it can be done, a restart may find the failed change made.
/// </para>
/// </summary>
public sealed class Journal : IAsyncDisposable
{
    private const int EnoughForOneCommit = 1 << 20;

    private readonly JournalOptions _options;
    private readonly JournalStore _store;
    private readonly Channel<JournalBatch> _queue;
    private readonly Task _writer;
    private readonly List<JournalBatch> _marks = [];
    private volatile bool _isSuspended;
    private volatile bool _isAway;
    private volatile JournalState _state;
    private volatile JournalStatus _status;

    private Journal(JournalOptions options, JournalStore store, JournalState state, JournalRecovery recovery)
    {
        _options = options;
        _store = store;
        _state = state;
        _status = new(state.LiveBytes, store.Length, 0, 0, 0, 0, 0, null);
        Recovery = recovery;
        _queue = Channel.CreateBounded<JournalBatch>(
            new BoundedChannelOptions(options.QueueLength)
            {
                FullMode = BoundedChannelFullMode.Wait,
                SingleReader = true,
                AllowSynchronousContinuations = true,
            }
        );
        _writer = WriteAsync();
    }

    /// <summary>What is durable now.</summary>
    public Map<string, string> Entries => _state.Entries;

    /// <summary>What opening found and did.</summary>
    public JournalRecovery Recovery { get; }

    public JournalStatus Status => _status with { Waiting = _queue.Reader.Count };

    /// <summary>
    /// Loads what is there. A disk that can be read but not written is no obstacle: <see cref="Recovery"/> says so,
    /// and appending fails until it can. The disk must be used by nobody else, and outlive the journal.
    /// </summary>
    /// <exception cref="JournalException">The files cannot be read, or are of a newer version. Nothing was changed.</exception>
    public static async Task<Journal> OpenAsync(
        IJournalDisk disk,
        JournalOptions options,
        CancellationToken cancellation
    )
    {
        options.Check();
        var store = new JournalStore(disk, options);
        try
        {
            var (state, recovery) = await store.RecoverAsync(cancellation);
            return new(options, store, state, recovery);
        }
        catch (Exception error) when (error is not (JournalException or OperationCanceledException))
        {
            throw JournalException.NotRead(error);
        }
    }

    /// <summary>
    /// Makes all of the changes, in their order, or none. Returns when they are durable. Batches of many callers are
    /// made in the order of their calls; when too many wait for the disk, this waits for a place.
    /// </summary>
    /// <exception cref="JournalException">They were not made, and the message says what can be done.</exception>
    /// <exception cref="ArgumentException">A key or value is not valid Unicode.</exception>
    /// <exception cref="ObjectDisposedException"/>
    public async Task AppendAsync(IReadOnlyList<JournalChange> changes)
    {
        var batch = new JournalBatch(changes);
        if (batch.Size > _options.MaxLiveBytes)
        {
            throw JournalException.Full(batch.Size, _options.MaxLiveBytes);
        }

        if (_isSuspended)
        {
            throw JournalException.HandingOver();
        }

        await TakeAsync(batch);
    }

    /// <summary>
    /// Takes nothing more until <see cref="ResumeAsync"/>; when it returns, all that was taken is answered and nobody
    /// touches the disk, so that another process may.
    /// </summary>
    public Task SuspendAsync()
    {
        _isSuspended = true;
        return TakeAsync(JournalBatch.Mark());
    }

    /// <summary>
    /// The other process is no more, and whatever it has written counts no more: what is in force here does. A disk that
    /// cannot be written is no obstacle; the next commit tries again.
    /// </summary>
    public async Task ResumeAsync()
    {
        if (!_isAway)
        {
            // It did not come to that: the disk has been this process's alone.
            _isSuspended = false;
            return;
        }

        var failure = await TryAsync(() => _store.ReturnAsync(_state));
        Tell(0, failure);
        _isAway = _isSuspended = false;
    }

    private async Task TakeAsync(JournalBatch batch)
    {
        try
        {
            await _queue.Writer.WriteAsync(batch);
        }
        catch (ChannelClosedException closed)
        {
            throw new ObjectDisposedException("the journal is closed", closed);
        }

        await batch.Answer;
    }

    /// <summary>Takes nothing more, and returns when all that was taken is answered.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writer;
    }

    private async Task WriteAsync()
    {
        var group = new List<JournalBatch>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            var next = Gather(group);
            if (group.Count > 0)
            {
                var failure = await TryAsync(() => CommitAsync(group, next));
                Tell(group.Count, failure);
                foreach (var batch in group)
                {
                    Answer(batch, failure);
                }

                group.Clear();
            }

            if (_store.IsCompactionDue)
            {
                Tell(0, await TryAsync(() => _store.CompactAsync(_state)));
            }

            _marks.ForEach(mark => mark.Succeed());
            _marks.Clear();
        }
    }

    /// <summary>Takes what waits, as much as makes a good commit, and refuses what would be too much to hold.</summary>
    private JournalState Gather(List<JournalBatch> group)
    {
        var state = _state;
        var size = 0L;
        while (size < EnoughForOneCommit && _queue.Reader.TryRead(out var batch))
        {
            if (batch.IsMark)
            {
                _marks.Add(batch);
                // Unless whoever wanted that has given it up meanwhile.
                _isAway = _isSuspended;
                continue;
            }

            if (_isAway)
            {
                batch.Fail(JournalException.HandingOver());
                continue;
            }

            var after = state.With(batch.Changes);
            if (after.LiveBytes > Math.Max(_options.MaxLiveBytes, state.LiveBytes))
            {
                batch.Fail(JournalException.Full(after.LiveBytes, _options.MaxLiveBytes));
                continue;
            }

            state = after;
            size += batch.Size;
            group.Add(batch);
        }

        return state with
        {
            Sequence = state.Sequence + 1,
        };
    }

    private async Task CommitAsync(List<JournalBatch> group, JournalState next)
    {
        await _store.MakeFitAsync(_state);
        try
        {
            await _store.CommitAsync(Record(group, next.Sequence));
        }
        catch
        {
            await _store.CutBackAsync(_state);
            throw;
        }

        _state = next;
    }

    private static byte[] Record(List<JournalBatch> group, long sequence)
    {
        var record = new byte[JournalFormat.RecordPrefix + group.Sum(batch => batch.Size)];
        var at = JournalFormat.RecordPrefix;
        foreach (var (key, value) in group.SelectMany(batch => batch.Changes))
        {
            at += ChangeCodec.Write(record.AsSpan(at), key, value);
        }

        JournalFormat.Seal(record, sequence);
        return record;
    }

    private static async Task<Exception?> TryAsync(Func<Task> work)
    {
        try
        {
            await work();
            return null;
        }
#pragma warning disable CA1031 // Law 4: whatever the disk throws belongs to this attempt; the task lives on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return error;
        }
    }

    private static void Answer(JournalBatch batch, Exception? failure)
    {
        if (failure is null)
        {
            batch.Succeed();
        }
        else
        {
            batch.Fail(JournalException.NotWritten(failure));
        }
    }

    private void Tell(int batches, Exception? failure)
    {
        var before = _status;
        _status = new(
            _state.LiveBytes,
            _store.Length,
            before.Batches + (failure is null ? batches : 0),
            before.Commits + (failure is null && batches > 0 ? 1 : 0),
            _store.Compactions,
            before.Failures + (failure is null ? 0 : 1),
            0,
            failure?.Message
        );
    }
}
