using System.Buffers.Text;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Fulcrum.TestKit.Certificates;

namespace Fulcrum.TestKit.Acme;

public sealed partial class AcmeAuthority
{
    private static readonly string[] Types = ["http-01", "dns-01", "tls-alpn-01"];

    private JsonObject DirectoryDocument()
    {
        var directory = new JsonObject
        {
            ["newNonce"] = Url("/nonce"),
            ["newAccount"] = Url("/new-account"),
            ["newOrder"] = Url("/new-order"),
            ["meta"] = new JsonObject
            {
                ["termsOfService"] = Url("/terms"),
                ["externalAccountRequired"] = ExternalAccount is not null,
            },
        };
        if (Renewal is not null)
        {
            directory["renewalInfo"] = Url("/renewal");
        }

        return directory;
    }

    private AcmeReply NewAccount(SignedRequest signed)
    {
        var known = _accounts.FirstOrDefault(account => JsonNode.DeepEquals(account.Value, signed.Jwk)).Key;
        if (known is null)
        {
            SignedRequest.Demand((bool?)signed.Json["termsOfServiceAgreed"] == true, "the terms are not agreed to");
            if (ExternalAccount is { } account)
            {
                var binding = signed.Json["externalAccountBinding"];
                SignedRequest.CheckBinding(binding, Url("/new-account"), signed.Jwk!, account.KeyId, account.Secret);
            }
        }

        var id = known ?? Url($"/account/{_accounts.Count + 1}");
        _accounts[id] = signed.Jwk!;
        var reply = Json(known is null ? 201 : 200, new() { ["status"] = "valid", ["orders"] = $"{id}/orders" });
        reply.Headers["Location"] = id;
        return reply;
    }

    private AcmeReply NewOrder(SignedRequest signed)
    {
        if (RateLimit is { } wait)
        {
            throw new AcmeRefusal(429, "rateLimited", "too many certificates") { RetryAfter = wait };
        }

        var identifiers = (JsonArray)signed.Json["identifiers"]!;
        SignedRequest.Demand(identifiers.Count == 1 && (string?)identifiers[0]!["type"] == "dns", "identifiers");
        if ((string?)signed.Json["replaces"] is { } replaced)
        {
            SignedRequest.Demand(Renewal is not null, "replaces");
            if (_replaced.Contains(replaced))
            {
                throw new AcmeRefusal(409, "alreadyReplaced", "it is replaced");
            }

            SignedRequest.Demand(FindIssued(replaced) is not null, "what is replaced");
            _replaced.Add(replaced);
        }

        var id = $"{_orders.Count + 1}";
        _orders[id] = new()
        {
            Account = signed.KeyId!,
            Name = (string)identifiers[0]!["value"]!,
            Token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
            Busy = BusyLooks,
        };
        var reply = Json(201, OrderDocument(id));
        reply.Headers["Location"] = Url($"/order/{id}");
        return reply;
    }

    private AcmeReply Order(SignedRequest signed, string id)
    {
        SignedRequest.Demand(signed.IsEmpty, "the payload of a POST that gets");
        var order = OrderOf(signed, id);
        Advance(order);
        if (order.Status == "processing" && order.Busy-- <= 0)
        {
            order.Status = "valid";
        }

        var reply = Json(200, OrderDocument(id));
        Wait(reply, order.Status == "processing" ? BusyRetryAfter : null);
        return reply;
    }

    private AcmeReply Authorization(SignedRequest signed, string id)
    {
        SignedRequest.Demand(signed.IsEmpty, "the payload of a POST that gets");
        var order = OrderOf(signed, id);
        Advance(order);
        var document = new JsonObject
        {
            ["status"] = order.AuthorizationStatus,
            ["identifier"] = new JsonObject { ["type"] = "dns", ["value"] = BareName(order) },
            ["expires"] = Time(_time.GetUtcNow() + TimeSpan.FromDays(7)),
            ["challenges"] = new JsonArray([
                .. Types
                    .Where(type => type == "dns-01" || !order.Name.StartsWith('*'))
                    .Select(type => ChallengeDocument(order, id, type)),
            ]),
        };
        if (order.Name.StartsWith('*'))
        {
            document["wildcard"] = true;
        }

        var reply = Json(200, document);
        Wait(reply, order.AuthorizationStatus == "pending" ? BusyRetryAfter : null);
        return reply;
    }

    private AcmeReply Challenge(SignedRequest signed, string id, string type)
    {
        var order = OrderOf(signed, id);
        if (!signed.IsEmpty)
        {
            SignedRequest.Demand(signed.Json.Count == 0, "the payload that answers a challenge");
            SignedRequest.Demand(order.Look is null, "a challenge is answered twice");
            order.ChallengeStatus = "processing";
            var proof = $"{order.Token}.{SignedRequest.Thumbprint(_accounts[order.Account])}";
            order.Look = Task.Run(() => LookAsync(order, type, proof));
        }

        return Json(200, ChallengeDocument(order, id, type));
    }

    private Task<string?> LookAsync(AcmeEntry order, string type, string proof)
    {
        var name = BareName(order);
        return type switch
        {
            "tls-alpn-01" => AcmeLook.TlsAsync(name, TlsPlace(name), proof),
            "http-01" => AcmeLook.HttpAsync(name, HttpPlace(name), order.Token, proof),
            _ => Task.FromResult(
                Records($"_acme-challenge.{name}")
                    .Contains(Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(proof))))
                    ? null
                    : $"_acme-challenge.{name} has no such record"
            ),
        };
    }

    private AcmeReply Finalize(SignedRequest signed, string id)
    {
        var order = OrderOf(signed, id);
        Advance(order);
        if (order.Status != "ready")
        {
            throw new AcmeRefusal(403, "orderNotReady", $"the order is {order.Status}");
        }

        var request = Request(Base64Url.DecodeFromChars(SignedRequest.Text(signed.Json, "csr")));
        var names = request.CertificateExtensions.OfType<X509SubjectAlternativeNameExtension>().SingleOrDefault();
        using var account = SignedRequest.KeyOf(_accounts[order.Account]);
        if (
            names?.EnumerateDnsNames().SequenceEqual([order.Name]) != true
            || request
                .PublicKey.ExportSubjectPublicKeyInfo()
                .AsSpan()
                .SequenceEqual(account.ExportSubjectPublicKeyInfo())
        )
        {
            throw new AcmeRefusal(400, "badCSR", "it is for other names, or with the account's key");
        }

        var now = _time.GetUtcNow();
        order.Certificate = _issuer.Sign(request, new Validity(now - TimeSpan.FromMinutes(1), now + Life));
        order.Busy = BusyLooks;
        order.Status = order.Busy > 0 ? "processing" : "valid";
        OnIssued();
        return Json(200, OrderDocument(id));
    }

    private AcmeReply Certificate(SignedRequest signed, string id)
    {
        SignedRequest.Demand(signed.IsEmpty, "the payload of a POST that gets");
        var order = OrderOf(signed, id);
        SignedRequest.Demand(order is { Status: "valid", Certificate: not null }, "there is no certificate");
        var chain = $"{order.Certificate!.ExportCertificatePem()}\n{_issuer.Pem}";
        return new(200, "application/pem-certificate-chain", Encoding.ASCII.GetBytes(chain));
    }

    private AcmeReply RenewalOf(string certificate)
    {
        if (FindIssued(certificate) is null)
        {
            throw new AcmeRefusal(404, "malformed", "there is no such certificate");
        }

        var (start, end) = Renewal!();
        var window = new JsonObject { ["start"] = Time(start), ["end"] = Time(end) };
        var reply = Json(200, new() { ["suggestedWindow"] = window });
        Wait(reply, TimeSpan.FromHours(6));
        return reply;
    }

    private AcmeEntry OrderOf(SignedRequest signed, string id) =>
        _orders.TryGetValue(id, out var order) && order.Account == signed.KeyId
            ? order
            : throw new AcmeRefusal(404, "malformed", "there is no such order of this account");

    // RFC 8555 section 7.1.6: what was looked at makes an authorization valid, and that makes the order ready.
    private static void Advance(AcmeEntry order)
    {
        if (order is not { Status: "pending", Look.IsCompleted: true } || order.Busy-- > 0)
        {
            return;
        }

        var why = order.Look.Result;
        order.ChallengeStatus = order.AuthorizationStatus = why is null ? "valid" : "invalid";
        order.Status = why is null ? "ready" : "invalid";
        order.Error = why is null ? null : Problem("unauthorized", why);
    }

    private JsonObject OrderDocument(string id)
    {
        var order = _orders[id];
        var document = new JsonObject
        {
            ["status"] = order.Status,
            ["expires"] = Time(_time.GetUtcNow() + TimeSpan.FromDays(7)),
            ["identifiers"] = new JsonArray(new JsonObject { ["type"] = "dns", ["value"] = order.Name }),
            ["authorizations"] = new JsonArray(Url($"/authorization/{id}")),
            ["finalize"] = Url($"/finalize/{id}"),
        };
        if (order.Status == "valid")
        {
            document["certificate"] = Url($"/certificate/{id}");
        }

        return document;
    }

    private JsonObject ChallengeDocument(AcmeEntry order, string id, string type)
    {
        var document = new JsonObject
        {
            ["type"] = type,
            ["url"] = Url($"/challenge/{id}/{type}"),
            ["status"] = order.ChallengeStatus,
            ["token"] = order.Token,
        };
        if (order.Error is { } error)
        {
            document["error"] = error.DeepClone();
        }

        return document;
    }

    private static string BareName(AcmeEntry order) => order.Name.StartsWith('*') ? order.Name[2..] : order.Name;

    private X509Certificate2? FindIssued(string renewalId) =>
        _orders
            .Values.Select(order => order.Certificate)
            .FirstOrDefault(certificate => certificate is not null && RenewalIdOf(certificate) == renewalId);

    // RFC 9773 section 4.1, from the bytes of the certificate.
    private string RenewalIdOf(X509Certificate2 certificate)
    {
        var key = _issuer.Certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single();
        var body = new AsnReader(certificate.RawData, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        _ = body.ReadEncodedValue();
        var serial = body.ReadIntegerBytes();
        return $"{Base64Url.EncodeToString(key.SubjectKeyIdentifierBytes.Span)}.{Base64Url.EncodeToString(serial.Span)}";
    }

    private static CertificateRequest Request(byte[] der)
    {
        try
        {
            return CertificateRequest.LoadSigningRequest(
                der,
                HashAlgorithmName.SHA256,
                CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions,
                RSASignaturePadding.Pkcs1
            );
        }
        catch (CryptographicException error)
        {
            throw new AcmeRefusal(400, "badCSR", error.Message);
        }
    }
}
