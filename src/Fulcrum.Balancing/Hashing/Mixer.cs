namespace Fulcrum.Balancing.Hashing;

/// <summary>
/// The one place where bits are mixed. Pelle Evensen's "moremur": a bijection of 64 bits, in which every bit of the
/// input turns every bit of the output with a probability very close to a half. Never change it: nodes of a group, and
/// versions of Fulcrum, agree on where a client goes because they agree on this.
/// </summary>
internal static class Mixer
{
    /// <summary>2^64 divided by the golden ratio, odd: the step between the inputs of one sequence.</summary>
    public const ulong Step = 0x9E37_79B9_7F4A_7C15;

    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 27)) * 0x3C79_AC49_2BA7_B653;
        value = (value ^ (value >> 33)) * 0x1C69_B3F7_4AC4_AE35;
        return value ^ (value >> 27);
    }

    /// <summary>The member <paramref name="number"/> of the sequence that belongs to <paramref name="value"/>.</summary>
    public static ulong Mix(ulong value, ulong number) => Mix(value + (number * Step));
}
