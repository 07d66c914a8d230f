namespace Fulcrum.Proxy.Securing;

/// <summary>
/// Sees that many handshakes were under way at once and have ended, as after an attack: then what they had taken is given back
/// to the machine. What handshakes of every day take is best kept for the next ones.
/// </summary>
/// <param name="underWay">How many there are now.</param>
/// <param name="many">From so many on it is worth while.</param>
/// <param name="giveBack">Gives memory back.</param>
internal sealed class HandshakeTide(Func<int> underWay, int many, Action giveBack)
{
    private const int Ebb = 8;

    private int _most;

    /// <summary>Looks how many there are; called now and then.</summary>
    public void Look()
    {
        var now = underWay();
        _most = Math.Max(_most, now);
        if (_most >= many && now <= _most / Ebb)
        {
            _most = now;
            giveBack();
        }
    }
}
