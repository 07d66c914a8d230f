using System.Buffers.Binary;
using System.Text;
using Fulcrum.Protocols.ProxyHeaders;

namespace Fulcrum.Fuzz;

/// <summary>
/// Headers before connections, as they are and, for version 2, with length and checksum made right: with more bytes a
/// verdict stays what it was, and what is complete can be written and read again.
/// </summary>
internal sealed class ProxyHeaderTarget : IFuzzTarget
{
    private readonly byte[] _written = new byte[ProxyHeaderReader.MaxLength];

    public string Name => "proxy-header";

    public IReadOnlyList<string> Corpus => ["tests/Fulcrum.Fuzz/Corpus/proxy-header"];

    public void Run(ReadOnlySpan<byte> input)
    {
        Check(input);
        Check(Repaired(input.ToArray()));
    }

    private static byte[] Repaired(byte[] header)
    {
        if (header.Length is < ProxyBinary.HeaderLength or > ProxyHeaderReader.MaxLength)
        {
            return header;
        }

        BinaryPrimitives.WriteUInt16BigEndian(
            header.AsSpan(ProxyBinary.LengthAt),
            (ushort)(header.Length - ProxyBinary.HeaderLength)
        );
        var at =
            ProxyBinary.HeaderLength + ProxyBinary.AddressesLength((ProxyFamily)(header[ProxyBinary.FamilyAt] >> 4));
        if (at < header.Length)
        {
            foreach (var tlv in new ProxyTlvs(header.AsSpan(at)))
            {
                at += ProxyTlv.HeaderLength;
                if (tlv.Type == ProxyTlvType.Crc32C && tlv.Value.Length == ProxyBinary.ChecksumLength)
                {
                    BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(at), ProxyBinary.Checksum(header, at));
                    break;
                }

                at += tlv.Value.Length;
            }
        }

        return header;
    }

    private void Check(ReadOnlySpan<byte> input)
    {
        var whole = Describe(input);
        var reading = ProxyHeaderReader.Read(input, out var header, out var error);
        if ((reading == ProxyReading.Invalid) != (error is not null))
        {
            throw new FuzzFailureException($"{reading}: {error}");
        }

        if (reading == ProxyReading.Complete)
        {
            if (header.Length > input.Length || header.Length > ProxyHeaderReader.MaxLength)
            {
                throw new FuzzFailureException($"{header.Length} bytes of {input.Length} are a header");
            }

            if (Describe(input[..(header.Length - 1)]) != nameof(ProxyReading.NeedMore))
            {
                throw new FuzzFailureException("the header is complete without its last byte");
            }

            CheckWriting(header);
        }

        var most = Math.Min(input.Length, header.Length + 256);
        for (var length = 0; length < most; length++)
        {
            if (Describe(input[..length]) is var part && part != nameof(ProxyReading.NeedMore) && part != whole)
            {
                throw new FuzzFailureException($"{length} bytes are {part}, all of them are {whole}");
            }
        }
    }

    private void CheckWriting(ProxyHeader header)
    {
        if (!header.HasAddresses || header.Family == ProxyFamily.Unix)
        {
            return;
        }

        var length = header.Version == 1 ? ProxyTextWriter.Write(_written, header.Source, header.Destination) : 0;
        if (header.Version == 2)
        {
            var writer = new ProxyBinaryWriter(_written);
            writer.Begin(header.Transport, header.Source, header.Destination);
            foreach (var tlv in header.Tlvs)
            {
                _ = writer.TryAppend(tlv.Type, tlv.Value);
            }

            length = writer.Finish(withChecksum: true);
        }

        // Two mapped addresses are written as the IPv4 addresses that they are.
        if (
            ProxyHeaderReader.Read(_written.AsSpan(0, length), out var again, out var error) != ProxyReading.Complete
            || again.Source.V6Bits != header.Source.V6Bits
            || again.Destination.V6Bits != header.Destination.V6Bits
            || (again.Source.Port, again.Destination.Port) != (header.Source.Port, header.Destination.Port)
            || again.Transport != header.Transport
        )
        {
            throw new FuzzFailureException($"what was written is not read again: {error}");
        }
    }

    private static string Describe(ReadOnlySpan<byte> received)
    {
        var reading = ProxyHeaderReader.Read(received, out var header, out var error);
        if (reading != ProxyReading.Complete)
        {
            return error ?? reading.ToString();
        }

        var text = new StringBuilder($"{header.Length} {header.Command} {header.Source} {header.Destination}");
        foreach (var tlv in header.Tlvs)
        {
            text.Append($" {tlv.Type} {tlv.Value.Length}");
        }

        return text.ToString();
    }
}
