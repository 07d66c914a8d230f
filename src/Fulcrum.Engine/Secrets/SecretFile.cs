using System.Text;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Secrets;

/// <summary>Reads secrets where they are kept.</summary>
public static class SecretFile
{
    private const int Longest = 4096;

    /// <summary>The secret, without the line's end that editors put behind it.</summary>
    /// <exception cref="SecretException">It cannot be had.</exception>
    public static ReadOnlyMemory<byte> Read(SecretReference reference)
    {
        if (reference.File is not { } path)
        {
            return Environment.GetEnvironmentVariable(reference.Variable!) is { } value
                ? Encoding.UTF8.GetBytes(value)
                : throw new SecretException($"the environment has no {reference.Variable}");
        }

        try
        {
            using var file = File.OpenRead(path);
            var buffer = new byte[Longest + 1];
            var length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return length > Longest
                ? throw new SecretException($"{path} is longer than {Longest} bytes")
                : buffer.AsMemory(0, buffer.AsSpan(0, length).TrimEnd("\r\n"u8).Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SecretException($"cannot read {path}: {exception.Message}", exception);
        }
    }

    /// <inheritdoc cref="Read"/>
    public static string ReadText(SecretReference reference) => Encoding.UTF8.GetString(Read(reference).Span);
}
