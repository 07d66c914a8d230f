using Fulcrum.Acme.Storage;
using Fulcrum.Engine.Ports;

namespace Fulcrum.Acme.Ordering;

/// <summary>What is known about one name. The manager's loop owns it.</summary>
internal sealed class ManagedName(string name, string file)
{
    private double _chance;
    private DateTimeOffset? _wish;

    public string Name => name;

    public NameRecord Record { get; private set; } = NameRecord.Empty;

    /// <summary>Null: there is none that can be used.</summary>
    public StoredCertificate? Certificate { get; private set; }

    /// <summary>Null: nothing is done for it now.</summary>
    public Task<Outcome>? Work { get; set; }

    public bool IsOrdering { get; set; }

    /// <summary>When the authority is to be asked for its wish.</summary>
    public DateTimeOffset NextLook { get; set; }

    public double Chance => _chance;

    /// <summary>When it is to be ordered: at once, when its time has come, or when the pause after a failure is over.</summary>
    public DateTimeOffset OrderAt
    {
        get
        {
            // Of another authority than the one that is configured now.
            var isOurs = Certificate is not null && Certificate.Fingerprint == Record.Certificate;
            var due =
                !isOurs || Record.Order is not null
                    ? DateTimeOffset.MinValue
                    : _wish ?? Renewal.ByLife(Certificate!, _chance);
            return Record.NextAttempt is { } next && next > due ? next : due;
        }
    }

    /// <summary>Takes what is known of it from its files, or from work that is done.</summary>
    /// <param name="chance">When within what is possible it is renewed.</param>
    public void Take(NameRecord record, StoredCertificate? certificate, double chance)
    {
        if (certificate?.Fingerprint != Certificate?.Fingerprint)
        {
            (_chance, _wish) = (chance, null);
            NextLook = DateTimeOffset.MinValue;
        }

        (Record, Certificate) = (record, certificate);
    }

    /// <param name="renewAt">Null: the authority has no wish.</param>
    public void TakeWish(DateTimeOffset? renewAt, DateTimeOffset nextLook) => (_wish, NextLook) = (renewAt, nextLook);

    /// <param name="pausedUntil">Until when nothing is asked for any name.</param>
    public AcmeReport Report(DateTimeOffset now, DateTimeOffset pausedUntil)
    {
        var next = OrderAt > pausedUntil ? OrderAt : pausedUntil;
        var state =
            Certificate is { } held && held.NotAfter > now ? AcmeState.Valid
            : Record.Failures > 0 ? AcmeState.Failed
            : AcmeState.Pending;
        return new(name, file, state)
        {
            IsOrdering = IsOrdering,
            NextAttempt =
                IsOrdering ? null
                : next > now ? next
                : now,
            Error = Record.Error,
            Failures = Record.Failures,
            NotAfter = Certificate?.NotAfter,
        };
    }
}
