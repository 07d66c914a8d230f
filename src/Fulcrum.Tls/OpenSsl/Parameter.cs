using System.Runtime.InteropServices;

namespace Fulcrum.Tls.OpenSsl;

/// <summary>An OSSL_PARAM: a named value for an algorithm. One without a name ends their list.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly unsafe struct Parameter
{
    private const uint Text = 4;
    private const uint Octets = 5;

    private readonly byte* _name;
    private readonly uint _kind;
    private readonly byte* _value;
    private readonly nuint _length;
    private readonly nuint _returned;

    private Parameter(byte* name, uint kind, byte* value, int length)
    {
        _name = name;
        _kind = kind;
        _value = value;
        _length = (nuint)length;
        _returned = nuint.MaxValue;
    }

    /// <param name="length">Zero: up to the zero at its end.</param>
    public static Parameter OfText(byte* name, byte* value, int length) => new(name, Text, value, length);

    public static Parameter OfOctets(byte* name, byte* value, int length) => new(name, Octets, value, length);
}
