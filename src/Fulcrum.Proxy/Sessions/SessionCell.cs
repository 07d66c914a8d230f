using Fulcrum.Engine.Ports;
using Fulcrum.Proxy.Clients;
using Fulcrum.Tls.Engine;

namespace Fulcrum.Proxy.Sessions;

/// <summary>
/// What one loop counts for one service or one backend. Only that loop writes, so plain additions do; others read
/// each number without a lock and sum over the loops.
/// </summary>
internal sealed class SessionCell
{
    public long Active;
    public long Total;
    public long BytesIn;
    public long BytesOut;
    public long ConnectFailures;
    public long Retries;
    public long RefusedByRule;
    public long RefusedByLimit;
    public long RefusedByPreface;
    public long RefusedByRoute;
    public long RefusedByName;
    public long PrefaceTimeouts;
    public long MirrorsLost;
    public long DetoursLost;
    public long RefusedUnserved;
    public long RefusedBySource;
    public long RefusedByRate;
    public long RefusedCrowded;
    public long RefusedByQueue;
    public long QueueTimeouts;
    public long RetriesDenied;
    public long IdleTimeouts;
    public long Resets;
    public long DroppedRefused;
    public long DroppedUnsent;
    public long DroppedTooLong;
    public long DroppedReplies;
    public long DroppedByRate;
    public long DroppedCopies;
    public long Evicted;
    public long TrainsRefused;
    public long TlsHandshakes;
    public long TlsResumed;
    public long TlsHandshakeTimeouts;
    public long TlsFailedVersion;
    public long TlsFailedCipher;
    public long TlsFailedCertificate;
    public long TlsFailedCertificateRequired;
    public long TlsFailedSubject;
    public long TlsFailedAlpn;
    public long TlsFailedName;
    public long TlsFailedAlert;
    public long TlsFailedProtocol;
    public long TlsFailedEvicted;
    public long TlsFailedOther;

    /// <summary>The numbers as they are now.</summary>
    public SessionCounters Read() =>
        new()
        {
            Active = Volatile.Read(ref Active),
            Total = Volatile.Read(ref Total),
            BytesIn = Volatile.Read(ref BytesIn),
            BytesOut = Volatile.Read(ref BytesOut),
            ConnectFailures = Volatile.Read(ref ConnectFailures),
            Retries = Volatile.Read(ref Retries),
            RefusedByRule = Volatile.Read(ref RefusedByRule),
            RefusedByLimit = Volatile.Read(ref RefusedByLimit),
            RefusedByPreface = Volatile.Read(ref RefusedByPreface),
            RefusedByRoute = Volatile.Read(ref RefusedByRoute),
            RefusedByName = Volatile.Read(ref RefusedByName),
            PrefaceTimeouts = Volatile.Read(ref PrefaceTimeouts),
            MirrorsLost = Volatile.Read(ref MirrorsLost),
            DetoursLost = Volatile.Read(ref DetoursLost),
            RefusedUnserved = Volatile.Read(ref RefusedUnserved),
            RefusedBySource = Volatile.Read(ref RefusedBySource),
            RefusedByRate = Volatile.Read(ref RefusedByRate),
            RefusedCrowded = Volatile.Read(ref RefusedCrowded),
            RefusedByQueue = Volatile.Read(ref RefusedByQueue),
            QueueTimeouts = Volatile.Read(ref QueueTimeouts),
            RetriesDenied = Volatile.Read(ref RetriesDenied),
            IdleTimeouts = Volatile.Read(ref IdleTimeouts),
            Resets = Volatile.Read(ref Resets),
            DroppedRefused = Volatile.Read(ref DroppedRefused),
            DroppedUnsent = Volatile.Read(ref DroppedUnsent),
            DroppedTooLong = Volatile.Read(ref DroppedTooLong),
            DroppedReplies = Volatile.Read(ref DroppedReplies),
            DroppedByRate = Volatile.Read(ref DroppedByRate),
            DroppedCopies = Volatile.Read(ref DroppedCopies),
            Evicted = Volatile.Read(ref Evicted),
            TrainsRefused = Volatile.Read(ref TrainsRefused),
            TlsHandshakes = Volatile.Read(ref TlsHandshakes),
            TlsResumed = Volatile.Read(ref TlsResumed),
            TlsHandshakeTimeouts = Volatile.Read(ref TlsHandshakeTimeouts),
            TlsFailedVersion = Volatile.Read(ref TlsFailedVersion),
            TlsFailedCipher = Volatile.Read(ref TlsFailedCipher),
            TlsFailedCertificate = Volatile.Read(ref TlsFailedCertificate),
            TlsFailedCertificateRequired = Volatile.Read(ref TlsFailedCertificateRequired),
            TlsFailedSubject = Volatile.Read(ref TlsFailedSubject),
            TlsFailedAlpn = Volatile.Read(ref TlsFailedAlpn),
            TlsFailedName = Volatile.Read(ref TlsFailedName),
            TlsFailedAlert = Volatile.Read(ref TlsFailedAlert),
            TlsFailedProtocol = Volatile.Read(ref TlsFailedProtocol),
            TlsFailedEvicted = Volatile.Read(ref TlsFailedEvicted),
            TlsFailedOther = Volatile.Read(ref TlsFailedOther),
        };

    /// <summary>A client is turned away because its source has had its share.</summary>
    public void Count(SourceVerdict verdict)
    {
        switch (verdict)
        {
            case SourceVerdict.TooMany:
                RefusedBySource++;
                break;
            case SourceVerdict.TooFast:
                RefusedByRate++;
                break;
            case SourceVerdict.Crowded:
                RefusedCrowded++;
                break;
        }
    }

    /// <summary>A client's handshake has failed.</summary>
    public void CountTls(TlsFailure failure)
    {
        switch (failure)
        {
            case TlsFailure.Version:
                TlsFailedVersion++;
                break;
            case TlsFailure.Cipher:
                TlsFailedCipher++;
                break;
            case TlsFailure.Certificate:
                TlsFailedCertificate++;
                break;
            case TlsFailure.CertificateRequired:
                TlsFailedCertificateRequired++;
                break;
            case TlsFailure.Subject:
                TlsFailedSubject++;
                break;
            case TlsFailure.Alpn:
                TlsFailedAlpn++;
                break;
            case TlsFailure.Name:
                TlsFailedName++;
                break;
            case TlsFailure.Alert:
                TlsFailedAlert++;
                break;
            case TlsFailure.Protocol:
                TlsFailedProtocol++;
                break;
            default:
                TlsFailedOther++;
                break;
        }
    }

    /// <summary>One cell for each loop.</summary>
    public static SessionCell[] Many(int loops)
    {
        var cells = new SessionCell[loops];
        for (var loop = 0; loop < loops; loop++)
        {
            cells[loop] = new SessionCell();
        }
        return cells;
    }

    public static SessionCounters Sum(SessionCell[] cells)
    {
        var sum = default(SessionCounters);
        foreach (var cell in cells)
        {
            sum += cell.Read();
        }
        return sum;
    }
}
