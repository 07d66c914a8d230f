using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.Acme.Client;
using Fulcrum.Acme.Keys;
using Fulcrum.Acme.Proofs;
using Fulcrum.Acme.Storage;
using Fulcrum.Model.Tls;
using Fulcrum.Protocols.Acme;

namespace Fulcrum.Acme.Ordering;

/// <summary>
/// Gets one certificate. An order goes from pending (names are to be proved) to ready (we send the request) to processing
/// to valid (there is the certificate); RFC 8555 section 7.1.6. Where it is, the authority knows: so a process that was
/// killed in between goes on by asking for the order that it had written down.
/// </summary>
internal sealed class Issuance(
    AcmeClient client,
    AcmeFolder folder,
    IProver prover,
    CertificateKeyKind kind,
    TimeProvider time
)
{
    /// <summary>The authority looks at a name, or signs, in seconds; what takes longer is looked at in the next attempt.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    /// <summary>As it is written down now.</summary>
    public NameRecord Record { get; private set; } = NameRecord.Empty;

    /// <param name="replaced">The certificate that is renewed. Null: there is none.</param>
    /// <exception cref="AcmeException">There is none, and why.</exception>
    /// <exception cref="IOException">Something could not be written or read.</exception>
    public async Task<StoredCertificate> RunAsync(
        string name,
        NameRecord record,
        StoredCertificate? replaced,
        CancellationToken cancellation
    )
    {
        Record = record;
        var end = time.GetUtcNow() + Patience;
        var (url, order) = await BeginAsync(name, replaced, cancellation);
        TimeSpan? wait = null;
        for (var looks = 0; ; looks++)
        {
            switch (order.Status)
            {
                case AcmeStatus.Pending:
                    await ProveAsync(name, order, end, cancellation);
                    break;
                case AcmeStatus.Ready:
                    await FinalizeAsync(name, order, cancellation);
                    break;
                case AcmeStatus.Valid when order.Certificate is { } place:
                    return Store(name, await client.CertificateAsync(place, cancellation));
                case AcmeStatus.Processing:
                    await PauseAsync(looks, wait, end, "the order is still processed", cancellation);
                    break;
                default:
                    throw Ended($"the order is {order.Status}", order.Error);
            }

            var before = order.Status;
            (order, wait) = await client.OrderAsync(url, cancellation);
            if (order.Status == before && before != AcmeStatus.Processing)
            {
                await PauseAsync(looks, wait, end, $"the order is still {before}", cancellation);
            }
        }
    }

    private async Task<(Uri Url, AcmeOrder Order)> BeginAsync(
        string name,
        StoredCertificate? replaced,
        CancellationToken cancellation
    )
    {
        if (Record is { Order: { } known, Key: not null })
        {
            try
            {
                var (order, _) = await client.OrderAsync(known, cancellation);
                if (order.Status != AcmeStatus.Invalid && order.Names.Contains(name, StringComparer.OrdinalIgnoreCase))
                {
                    return (known, order);
                }
            }
            catch (AcmeException error) when (error.IsGone)
            {
                // It was too old: as if there had been none.
            }
        }

        // The key is written down before its certificate can exist.
        using var key = CertificateKey.Create(kind);
        var made = await OrderAsync(name, replaced, cancellation);
        Remember(name, Record with { Order = made.Url, Key = key.Pem });
        return made;
    }

    private async Task<(Uri Url, AcmeOrder Order)> OrderAsync(
        string name,
        StoredCertificate? replaced,
        CancellationToken cancellation
    )
    {
        // Only its own authority knows the certificate that is to be replaced.
        var replaces =
            replaced is not null
            && replaced.Fingerprint == Record.Certificate
            && await client.TellsRenewalAsync(cancellation)
                ? replaced.RenewalId
                : null;
        try
        {
            return await client.NewOrderAsync(name, replaces, cancellation);
        }
        catch (AcmeException error) when (error.Kind == AcmeProblem.AlreadyReplaced)
        {
            return await client.NewOrderAsync(name, null, cancellation);
        }
    }

    private async Task ProveAsync(string name, AcmeOrder order, DateTimeOffset end, CancellationToken cancellation)
    {
        foreach (var url in order.Authorizations)
        {
            var (authorization, _) = await client.AuthorizationAsync(url, cancellation);
            if (authorization.Status == AcmeStatus.Valid)
            {
                continue;
            }

            // What is proved is this name, whatever else the authority would like to see proved.
            if (!authorization.Name.Equals(name.TrimStart('*').TrimStart('.'), StringComparison.OrdinalIgnoreCase))
            {
                throw Ended($"the authority wants {authorization.Name} to be proved", null);
            }

            if (authorization.Status != AcmeStatus.Pending)
            {
                throw Ended($"the authorization is {authorization.Status}", Reason(authorization));
            }

            await ProveAsync(url, authorization, end, cancellation);
        }
    }

    private async Task ProveAsync(
        Uri url,
        AcmeAuthorization authorization,
        DateTimeOffset end,
        CancellationToken cancellation
    )
    {
        var challenge = authorization.Challenges.FirstOrDefault(one => one.Type == prover.Type);
        if (challenge is not { Token: { } token })
        {
            var offered = string.Join(", ", authorization.Challenges.Select(one => one.Type));
            throw Ended($"the authority does not offer {prover.Type} for {authorization.Name}, but {offered}", null);
        }

        var proof = new Proof(authorization.Name, token, AcmeProof.KeyAuthorization(token, client.Thumbprint));
        await prover.PresentAsync(proof, cancellation);
        try
        {
            // One that is looked at already is not asked for twice.
            if (challenge.Status == AcmeStatus.Pending)
            {
                await client.AnswerAsync(challenge.Url, cancellation);
            }

            for (var looks = 0; ; looks++)
            {
                var (now, wait) = await client.AuthorizationAsync(url, cancellation);
                if (now.Status == AcmeStatus.Valid)
                {
                    break;
                }

                if (now.Status != AcmeStatus.Pending)
                {
                    throw Ended($"{authorization.Name} was not proved by {prover.Type}", Reason(now));
                }

                await PauseAsync(looks, wait, end, $"the authority still looks at {authorization.Name}", cancellation);
            }
        }
        finally
        {
            // A process that ends goes on with the same proof when it begins again.
            if (!cancellation.IsCancellationRequested)
            {
                await prover.WithdrawAsync(proof);
            }
        }
    }

    private async Task FinalizeAsync(string name, AcmeOrder order, CancellationToken cancellation)
    {
        using var key = CertificateKey.Read(Record.Key!) ?? throw Ended("the key of the order is lost", null);
        await client.FinalizeAsync(order.Finalize, key.Request(name), cancellation);
    }

    private StoredCertificate Store(string name, string chain)
    {
        using var key = CertificateKey.Read(Record.Key!) ?? throw Ended("the key of the order is lost", null);
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(chain);
        }
        catch (CryptographicException)
        {
            // As if there were none.
        }

        try
        {
            if (certificates is not [var first, ..] || !key.IsOf(first) || !StoredCertificate.Covers(first, name))
            {
                throw Ended("what was issued is no certificate for this name and key", null);
            }

            var stored = StoredCertificate.Of(first);
            if (stored.NotAfter <= time.GetUtcNow())
            {
                throw Ended($"what was issued has expired on {stored.NotAfter:u}", null);
            }

            // Written from what was understood, so that nothing else comes into a file of ours.
            var pems = certificates.Select(one => one.ExportCertificatePem() + "\n").Append(key.Pem);
            OwnedFile.Write(folder.CertificateOf(name), string.Concat(pems));
            Remember(name, new NameRecord { Certificate = stored.Fingerprint });
            return stored;
        }
        finally
        {
            foreach (var certificate in certificates)
            {
                certificate.Dispose();
            }
        }
    }

    private async Task PauseAsync(
        int looks,
        TimeSpan? asked,
        DateTimeOffset end,
        string why,
        CancellationToken cancellation
    )
    {
        if (time.GetUtcNow() >= end)
        {
            throw new AcmeException($"{why} after {Patience.TotalMinutes:0} minutes");
        }

        await Task.Delay(Pause.OfPoll(looks, asked), time, cancellation);
    }

    private void Remember(string name, NameRecord record)
    {
        folder.WriteRecord(name, record);
        Record = record;
    }

    private AcmeProblem? Reason(AcmeAuthorization authorization) =>
        authorization.Challenges.FirstOrDefault(one => one.Type == prover.Type)?.Error
        ?? authorization.Challenges.FirstOrDefault(one => one.Error is not null)?.Error;

    private static AcmeException Ended(string what, AcmeProblem? why) =>
        new(why is null ? what : $"{what}: {why}") { EndsOrder = true };
}
