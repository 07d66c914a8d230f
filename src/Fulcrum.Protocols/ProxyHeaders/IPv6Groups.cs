namespace Fulcrum.Protocols.ProxyHeaders;

/// <summary>
/// An IPv6 address while its text comes, character by character (RFC 4291 section 2.2): refuses the first with which no
/// address can go on.
/// </summary>
internal struct IPv6Groups
{
    private const int Most = 8;
    private const int MostDigits = 4;

    private UInt128 _bits;
    private uint _group;
    private int _count;
    private int _colons;

    // How many groups stand before "::", plus one; 0 without it.
    private int _gap;

    public IPv6Groups() { }

    /// <summary>Digits of the group that has begun.</summary>
    public int Digits { get; private set; }

    /// <summary>Whether the group that has begun may be the first number of an IPv4 address that takes the last two.</summary>
    public readonly bool CanEndInIPv4 => Digits > 0 && (_gap == 0 ? _count == Most - 2 : _count <= Most - 3);

    // A gap stands for one group at least.
    private readonly bool IsFull => _count == (_gap == 0 ? Most : Most - 1);

    public bool Add(byte octet)
    {
        if (octet != ':')
        {
            var isAfterOneColonAtBegin = _colons == 1 && _count == 0;
            if (isAfterOneColonAtBegin || Digits == MostDigits || IsFull)
            {
                return false;
            }

            _group = (_group << 4) | HexValue(octet);
            Digits++;
            _colons = 0;
            return true;
        }

        if (Digits > 0)
        {
            Close();
        }

        _colons++;
        if (_colons == 2)
        {
            if (_gap > 0)
            {
                return false;
            }

            _gap = _count + 1;
            return true;
        }

        // "1:2:3:4:5:6:7::" has its gap at the end.
        return _colons == 1 && !IsFull;
    }

    public bool TryEnd(out UInt128 bits)
    {
        if (Digits > 0)
        {
            Close();
        }

        bits = Whole();
        return _colons != 1 && (_gap > 0 || _count == Most);
    }

    public UInt128 EndInIPv4(uint address)
    {
        _bits = (_bits << 32) | address;
        _count += 2;
        return Whole();
    }

    private static uint HexValue(byte digit) => digit <= '9' ? (uint)(digit - '0') : (uint)((digit | 0x20) - 'a' + 10);

    private void Close()
    {
        _bits = (_bits << 16) | _group;
        _group = 0;
        _count++;
        Digits = 0;
        _colons = 0;
    }

    private readonly UInt128 Whole()
    {
        if (_gap <= 1)
        {
            return _bits;
        }

        var before = _gap - 1;
        var after = 16 * (_count - before);
        var low = _bits & ((UInt128.One << after) - 1);
        return ((_bits >> after) << (128 - (16 * before))) | low;
    }
}
