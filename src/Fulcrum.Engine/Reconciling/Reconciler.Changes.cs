using System.Diagnostics;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Events;
using Fulcrum.Engine.Journaling;
using Fulcrum.Engine.Keeping;
using Fulcrum.Engine.Planning;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Engine.Sources;
using Fulcrum.Model;
using Fulcrum.Model.Events;
using Fulcrum.Model.Planning;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Sources;

namespace Fulcrum.Engine.Reconciling;

/// <summary>Changes of the configuration.</summary>
public sealed partial class Reconciler
{
    private const string Services = "services";

    /// <summary>What could not be taken back is tried again, or somebody confirms it after all.</summary>
    private static readonly TimeSpan TakeBackAgainAfter = TimeSpan.FromSeconds(5);

    private Unconfirmed? _unconfirmed;

    /// <summary>A change that is taken back then unless it is confirmed.</summary>
    public DateTimeOffset? ConfirmBy => _unconfirmed?.By;

    /// <summary>
    /// Replaces all that a file, or whoever counts as it, contributes: whole, or not at all. The snapshot must have
    /// been validated by itself.
    /// </summary>
    public Task<ApplyResult> ApplyAsync(Source source, Snapshot content, ApplyOrder order) =>
        AskAsync(
            cancellation => ChangeAsync(book => WithKept(book.Replace(source, content)), source, order, cancellation),
            order.IsOwn
        );

    /// <summary>Replaces what a live source contributes; what is wrong with an object is that object's alone.</summary>
    public Task<ApplyResult> FollowSourceAsync(Source source, Snapshot content) =>
        AskAsync(cancellation =>
            ChangeAsync(
                book => new(book.ReplaceLive(source, content), []),
                source,
                new() { By = source.Name, AllowRemovals = true },
                cancellation
            )
        );

    /// <summary>Makes, changes and removes objects of the API's own: all, or none.</summary>
    public Task<ApplyResult> ChangeObjectsAsync(IReadOnlyList<ObjectChange> changes, ApplyOrder order) =>
        AskAsync(cancellation => ChangeAsync(book => ChangeApi(book, changes), Source.Api, order, cancellation));

    /// <summary>What would change; null, with the reasons, when it would be refused.</summary>
    public (PlanReport? Plan, IReadOnlyList<Problem> Problems) Plan(Source source, Snapshot content)
    {
        var (book, state) = (_book, _state);
        var change = book.Replace(source, content);
        return PlanOf(state, change);
    }

    /// <summary>What changes of the API's own objects would change; null, with the reasons, when they would be refused.</summary>
    public (PlanReport? Plan, IReadOnlyList<Problem> Problems) Plan(IReadOnlyList<ObjectChange> changes)
    {
        var (book, state) = (_book, _state);
        return PlanOf(state, book.ChangeApi(changes));
    }

    private (PlanReport? Plan, IReadOnlyList<Problem> Problems) PlanOf(DerivedState state, BookResult change) =>
        change.Book is { } next
            ? (PlanReport.Of(state, next.Snapshot, _time.GetUtcNow()), [])
            : (null, change.Problems);

    /// <summary>The change that waits for it stays. False: none does.</summary>
    public Task<bool> ConfirmAsync() =>
        AskAsync(_ =>
        {
            var waited = _unconfirmed;
            _unconfirmed = null;
            if (waited is not null)
            {
                _outlets!.Changed(waited.Change);
                Tell(waited.Source, "confirmed", $"the change by {waited.Who} stays");
            }

            return ValueTask.FromResult(waited is not null);
        });

    private Task<T> AskAsync<T>(Func<CancellationToken, ValueTask<T>> serve, bool isOwn = false)
    {
        var request = new EngineRequest<T>(serve);
        _inbox.Add(request, isOwn);
        return request.Answer;
    }

    private async ValueTask<ApplyResult> ChangeAsync(
        Func<SourceBook, BookResult> change,
        Source source,
        ApplyOrder order,
        CancellationToken cancellation
    )
    {
        using var activity = EngineActivity.Source.StartActivity("apply");
        var result = await TryChangeAsync(change, source, order, cancellation);
        activity?.SetTag("fulcrum.source", source.Name).SetTag("fulcrum.by", order.By);
        activity?.SetTag("fulcrum.generation", result.Generation).SetTag("fulcrum.problems", result.Problems.Count);
        activity?.SetStatus(result.Applied ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
        return result;
    }

    private async ValueTask<ApplyResult> TryChangeAsync(
        Func<SourceBook, BookResult> change,
        Source source,
        ApplyOrder order,
        CancellationToken cancellation
    )
    {
        if (_unconfirmed is { } waiting && source.Kind is SourceKind.File or SourceKind.Api)
        {
            return Refused(
                new()
                {
                    Message = $"the change by {waiting.Who} waits for its confirmation until {waiting.By:u}",
                    Expected = "'fulcrum confirm' first, or to wait until it is taken back",
                }
            );
        }

        var before = _book;
        var changed = change(before);
        if (changed.Book is not { } book)
        {
            return new(null, changed.Problems) { IsOutrun = changed.IsOutrun };
        }

        if (!order.AllowRemovals && RemovalGuard.Check(before.Snapshot, book.Snapshot) is { } guarded)
        {
            return Refused(guarded);
        }

        var origin = order.From is { } path ? Source.File(path) : source;
        var result = await CarryOutAsync(book, source, cancellation);
        if (!result.Applied)
        {
            return result;
        }

        Tell(
            source,
            "applied",
            $"by {order.By}, generation {result.Generation}{(order.ConfirmWithin is null ? "" : ", to be confirmed")}"
        );
        var applied = new AppliedChange(origin, order.By, _time.GetUtcNow(), book.ContentOf(source), _book.Snapshot);
        if (order.ConfirmWithin is not { } within)
        {
            _outlets!.Changed(applied);
            return result;
        }

        _unconfirmed = new(before, source, order.By, _time.GetUtcNow() + within, applied);
        return result with { ConfirmBy = _unconfirmed.By };
    }

    private async ValueTask<ApplyResult> CarryOutAsync(SourceBook book, Source source, CancellationToken cancellation)
    {
        try
        {
            _inputs = Hold(await LookAtPlanesAsync(_inputs, book.Snapshot, cancellation), _outlets!);
            return await TryCarryOutAsync(book, source, cancellation);
        }
        finally
        {
            _outlets!.Release();
        }
    }

    private async ValueTask<ApplyResult> TryCarryOutAsync(
        SourceBook book,
        Source source,
        CancellationToken cancellation
    )
    {
        var leftOut = new List<Problem>();
        while (true)
        {
            var derivation = Decide(_inputs with { Snapshot = book.Snapshot }, _state);
            try
            {
                await _outlets!.ChangeAsync(
                    derivation.Desired,
                    () => KeepAsync(book, derivation, source),
                    cancellation
                );
            }
            catch (PlaneRefusedException refusal)
            {
                if (Without(book, refusal.Problems) is not { } rest)
                {
                    return new(null, refusal.Problems);
                }

                leftOut.AddRange(refusal.Problems);
                book = rest;
            }
            catch (JournalException error)
            {
                return Refused(new() { Message = error.Message });
            }
#pragma warning disable CA1031 // Law 4: whatever an adapter throws belongs to this attempt; the loop lives on.
            catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LogFailed(error);
                return Refused(new() { Message = error.Message });
            }

            // From here on it is so: what fails now is tried again, and is nobody's refusal.
            await TakeOverAsync(book, derivation, source, cancellation);
            return new(_state.Generation, leftOut);
        }
    }

    // A transaction takes over what the API made in a former run; what does not fit a file stays in the journal.
    private Task KeepAsync(SourceBook book, Derivation derivation, Source source) =>
        KeepAsync(
            derivation.Next.Ledger,
            KeptObjects.Changes(
                source == Source.Api && _kept is { } kept ? kept : _book.ContentOf(Source.Api),
                book.ContentOf(Source.Api)
            )
        );

    private async ValueTask TakeOverAsync(
        SourceBook book,
        Derivation derivation,
        Source source,
        CancellationToken cancellation
    )
    {
        var mustLook = !_isConfigured || IsOtherTls(_state.Inputs.Snapshot, book.Snapshot);
        // Until a file or the API has had its say, what the API made in a former run waits.
        (_book, _kept, _isConfigured) = (book, source.IsLive ? _kept : null, true);
        _inheritance = null;
        await SettleAsync(derivation, _outlets!, cancellation);
        if (mustLook && Look(_inputs) is var looked && !ReferenceEquals(looked, _inputs))
        {
            await FollowAsync(looked, _outlets!, cancellation);
        }
    }

    // What the API made in a former run comes back with the first file, since it may lean on what is written there.
    private BookResult WithKept(BookResult result)
    {
        if (result.Book is not { } book || _kept is not { } kept)
        {
            return result;
        }

        var whole = book.RestoreApi(kept);
        foreach (var problem in whole.Problems)
        {
            LogNotRestored(problem.ToString());
        }

        return whole;
    }

    // A transaction is about what the API has made, in a former run, too.
    private BookResult ChangeApi(SourceBook book, IReadOnlyList<ObjectChange> changes)
    {
        var whole = _kept is { } kept ? book.RestoreApi(kept) : new(book, []);
        return whole.Book is { } restored ? restored.ChangeApi(changes) : whole;
    }

    // A live source is never all or nothing: what a plane refuses of it is left out. Null: others are to blame, too.
    private static SourceBook? Without(SourceBook book, IReadOnlyList<Problem> problems)
    {
        foreach (var problem in problems)
        {
            if (
                PlaneRefusedException.ServiceOf(problem) is not { } blamed
                || book.OwnerOf(Services, blamed) is not { IsLive: true } owner
            )
            {
                return null;
            }

            book = book.Quarantine(owner, Services, blamed, problem);
        }

        return problems.Count == 0 ? null : book;
    }

    private async ValueTask TakeBackUnconfirmedAsync(CancellationToken cancellation)
    {
        if (_unconfirmed is { } waiting && waiting.By <= _time.GetUtcNow())
        {
            LogTakenBack(waiting.Who);
            var former = _book.Replace(waiting.Source, waiting.Before.ContentOf(waiting.Source));
            var result = former.Book is { } book
                ? await CarryOutAsync(book, waiting.Source, cancellation)
                : new(null, former.Problems);
            if (result.Applied)
            {
                Tell(waiting.Source, "taken back", $"nobody confirmed the change by {waiting.Who}");
            }

            _unconfirmed = result.Applied ? null : waiting with { By = _time.GetUtcNow() + TakeBackAgainAfter };
            foreach (var problem in result.Problems)
            {
                LogNotTakenBack(problem.ToString());
            }
        }
    }

    private void Tell(Source source, string what, string text) =>
        Events.Add(
            new NodeEvent(EventKind.Configuration, new(SubjectKind.Source, source.ToString()), null, what, text)
        );

    private static ApplyResult Refused(Problem problem) => new(null, [problem]);

    private sealed record Unconfirmed(
        SourceBook Before,
        Source Source,
        string Who,
        DateTimeOffset By,
        AppliedChange Change
    );
}
