using Fulcrum.Acme.Client;
using Fulcrum.Acme.Storage;

namespace Fulcrum.Acme.Ordering;

/// <summary>What is done for one name, outside of the manager's loop. Whatever happens becomes an outcome.</summary>
internal static class NameWork
{
    private static readonly TimeSpan UsualLook = TimeSpan.FromHours(6);
    private static readonly TimeSpan ShortestLook = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestLook = TimeSpan.FromDays(1);

    /// <param name="chance">Of the pause, should it fail.</param>
    public static async Task<Outcome> OrderAsync(
        AcmeSession session,
        ManagedName name,
        double chance,
        TimeProvider time,
        CancellationToken stop
    )
    {
        Issuance? issuance = null;
        try
        {
            var client = await session.OpenAsync(stop);
            issuance = new(client, session.Folder, session.Prover, session.Settings.Key, time);
            var certificate = await issuance.RunAsync(name.Name, name.Record, name.Certificate, stop);
            return new Outcome.Issued(issuance.Record, certificate);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new Outcome.Stopped();
        }
        // What is no refusal is a defect, and still only this name's.
        catch (Exception error)
        {
            var refusal = error as AcmeException;
            var record = issuance?.Record ?? name.Record;
            var failures = record.Failures + 1;
            record = record with
            {
                Order = refusal is { EndsOrder: true } ? null : record.Order,
                Key = refusal is { EndsOrder: true } ? null : record.Key,
                Failures = failures,
                NextAttempt = time.GetUtcNow() + Pause.AfterFailure(failures, refusal?.RetryAfter, chance),
                Error = refusal is null ? $"{error.GetType().Name}: {error.Message}" : error.Message,
            };
            return new Outcome.Failed(
                record,
                Written(session, name.Name, record),
                refusal is { IsLimit: true } ? Pause.OfAll(refusal.RetryAfter) : null
            );
        }
    }

    /// <summary>Asks when the authority wants the certificate to be renewed.</summary>
    public static async Task<Outcome> LookAsync(
        AcmeSession session,
        StoredCertificate certificate,
        double chance,
        TimeProvider time,
        CancellationToken stop
    )
    {
        try
        {
            var client = await session.OpenAsync(stop);
            var told = certificate.RenewalId is { } id ? await client.RenewalInfoAsync(id, stop) : null;
            if (told is not { } answer)
            {
                return new Outcome.Told(null, time.GetUtcNow() + LongestLook);
            }

            var wait = answer.RetryAfter ?? UsualLook;
            return new Outcome.Told(
                Renewal.ByWish(certificate, answer.Info, chance),
                time.GetUtcNow() + TimeSpan.FromTicks(Math.Clamp(wait.Ticks, ShortestLook.Ticks, LongestLook.Ticks))
            );
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new Outcome.Stopped();
        }
        catch (Exception)
        {
            // It is a wish: without it a certificate is renewed by its life (RFC 9773 section 4.3.3).
            return new Outcome.Told(null, time.GetUtcNow() + UsualLook);
        }
    }

    private static string Written(AcmeSession session, string name, NameRecord record)
    {
        try
        {
            session.Folder.WriteRecord(name, record);
            return record.Error!;
        }
        catch (IOException error)
        {
            return $"{record.Error}; and this cannot be written down: {error.Message}";
        }
    }
}
