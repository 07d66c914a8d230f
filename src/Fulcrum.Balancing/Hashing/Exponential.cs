namespace Fulcrum.Balancing.Hashing;

/// <summary>
/// Turns a hash into an exponentially distributed number, <c>−ln u</c>, that is the same on every machine. The logarithm
/// of a C library is not: it may differ in the last bit. IEEE 754 fixes the result of + − × ÷, and nothing else is used.
/// </summary>
internal static class Exponential
{
    private const double Ln2 = 0.693_147_180_559_945_3;
    private const double Sqrt2 = 1.414_213_562_373_095_1;
    private const int MantissaBits = 52;
    private const long MantissaMask = (1L << MantissaBits) - 1;
    private const long ExponentOfOne = 1023L << MantissaBits;

    /// <summary>−ln u for u = (the hash's upper 52 bits + ½) / 2^52: more than 0, at most 37; relative error below 1e-11.</summary>
    public static double Of(ulong hash)
    {
        // 53 significant bits: exact, and neither 0 nor 1.
        var u = ((hash >> 12) + 0.5) / (1L << MantissaBits);
        var bits = BitConverter.DoubleToInt64Bits(u);
        var exponent = (bits >> MantissaBits) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & MantissaMask) | ExponentOfOne);
        if (mantissa > Sqrt2)
        {
            mantissa /= 2;
            exponent++;
        }

        // ln m = 2 artanh((m - 1) / (m + 1)), whose argument is below 0.172.
        var s = (mantissa - 1) / (mantissa + 1);
        var q = s * s;
        var series = 1.0 / 15;
        series = (series * q) + (1.0 / 13);
        series = (series * q) + (1.0 / 11);
        series = (series * q) + (1.0 / 9);
        series = (series * q) + (1.0 / 7);
        series = (series * q) + (1.0 / 5);
        series = (series * q) + (1.0 / 3);
        series = (series * q) + 1;
        return -((exponent * Ln2) + (2 * s * series));
    }
}
