using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Fulcrum.TestKit.Acme;

public sealed partial class AcmeAuthority
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _nonces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> _accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AcmeEntry> _orders = new(StringComparer.Ordinal);
    private readonly List<string> _replaced = [];
    private int _requests;

    /// <summary>Requests that it was sent, whatever became of them.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Accounts that were made.</summary>
    public int Accounts => Counted(() => _accounts.Count);

    /// <summary>Orders that were made.</summary>
    public int Orders => Counted(() => _orders.Count);

    /// <summary>Certificates that were issued.</summary>
    public int Issued => Counted(() => _orders.Values.Count(order => order.Certificate is not null));

    /// <summary>Certificates that orders were to replace (RFC 9773).</summary>
    public IReadOnlyList<string> Replaced => Counted(() => _replaced.ToArray());

    private T Counted<T>(Func<T> count)
    {
        lock (_lock)
        {
            return count();
        }
    }

    private async Task<AcmeReply?> AnswerAsync(AcmeRequest request)
    {
        Interlocked.Increment(ref _requests);
        if (IsSilent)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _end.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (IsDown || _end.IsCancellationRequested)
        {
            return null;
        }

        AcmeReply reply;
        try
        {
            lock (_lock)
            {
                reply = Answer(request);
            }
        }
        catch (AcmeRefusal refusal)
        {
            reply = Json(refusal.Status, Problem(refusal.Kind, refusal.Message), "application/problem+json");
            Wait(reply, refusal.RetryAfter);
        }

        lock (_lock)
        {
            var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
            _nonces.Add(nonce);
            reply.Headers["Replay-Nonce"] = nonce;
            reply.Headers["Cache-Control"] = "no-store";
        }

        return reply;
    }

    private AcmeReply Answer(AcmeRequest request)
    {
        var parts = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        switch (request.Method, parts)
        {
            case ("GET", ["directory"]):
                return Json(200, DirectoryDocument());
            case ("HEAD", ["nonce"]):
                return new(200, "text/plain", []);
            case ("GET", ["renewal", var certificate]) when Renewal is not null:
                return RenewalOf(certificate);
            case ("POST", _):
                break;
            default:
                throw new AcmeRefusal(404, "malformed", $"there is no {request.Method} {request.Path}");
        }

        var signed = SignedRequest.Read(request, Url(request.Path), id => _accounts.GetValueOrDefault(id));
        if (!_nonces.Remove(signed.Nonce) || BadNonces-- > 0)
        {
            throw new AcmeRefusal(400, "badNonce", "the nonce is not one of ours");
        }

        BadNonces = 0;
        SignedRequest.Demand(signed.Jwk is not null == parts is ["new-account"], "kid or jwk");
        return parts switch
        {
            ["new-account"] => NewAccount(signed),
            ["new-order"] => NewOrder(signed),
            ["order", var id] => Order(signed, id),
            ["authorization", var id] => Authorization(signed, id),
            ["challenge", var id, var type] => Challenge(signed, id, type),
            ["finalize", var id] => Finalize(signed, id),
            ["certificate", var id] => Certificate(signed, id),
            _ => throw new AcmeRefusal(404, "malformed", $"there is no {request.Path}"),
        };
    }

    private string Url(string path) => $"{_wire.Root.GetLeftPart(UriPartial.Authority)}{path}";

    private static JsonObject Problem(string kind, string detail) =>
        new() { ["type"] = $"urn:ietf:params:acme:error:{kind}", ["detail"] = detail };

    private static AcmeReply Json(int status, JsonObject document, string type = "application/json") =>
        new(status, type, Encoding.UTF8.GetBytes(document.ToJsonString()));

    private static void Wait(AcmeReply reply, TimeSpan? time)
    {
        if (time is { } wait)
        {
            reply.Headers["Retry-After"] = ((long)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }
    }

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
