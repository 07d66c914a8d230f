using System.Globalization;
using Fulcrum.Linux;
using Fulcrum.Linux.Processes;
using Fulcrum.Linux.Sockets;
using Fulcrum.Protocols.Handover;

namespace Fulcrum.Upgrading;

/// <summary>
/// The messages of <see cref="HandoverCodec"/> over a channel to the other process. Calls wait on the thread that
/// makes them, and not for ever.
/// </summary>
internal sealed class HandoverLine(DescriptorChannel channel) : IDisposable
{
    private readonly byte[] _buffer = new byte[HandoverCodec.MostBytes];

    /// <summary>What a process that is started with a channel is told of it.</summary>
    public static string Number { get; } = SiblingProcess.ChannelNumber.ToString(CultureInfo.InvariantCulture);

    public DescriptorChannel Channel => channel;

    /// <summary>The end that this process was started with; null: the variable, which is for it alone, names none.</summary>
    public static HandoverLine? Find(string variable)
    {
        var text = Environment.GetEnvironmentVariable(variable);
        Environment.SetEnvironmentVariable(variable, null);
        return
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor)
            && DescriptorChannel.Inherited(descriptor) is { } channel
            ? new(channel)
            : null;
    }

    /// <exception cref="HandoverException">The other process is gone, or does not read.</exception>
    public void Send(HandoverMessage message, params ReadOnlySpan<int> descriptors)
    {
        var length = HandoverCodec.Encode(message, _buffer);
        if (channel.Send(_buffer.AsSpan(0, length), descriptors) is < 0 and var error)
        {
            throw new HandoverException(
                new LinuxException((Errno)(-error), "the other process does not listen").Message
            );
        }
    }

    /// <summary>The next message; null: the other process has closed its end, or has ended.</summary>
    /// <param name="descriptors">Those beside it are added, and the caller's to close.</param>
    /// <exception cref="HandoverException">None came in time, it is none, or it is a refusal.</exception>
    public HandoverMessage? Receive(TimeSpan patience, List<int> descriptors)
    {
        var length = channel.Receive(_buffer, descriptors, patience);
        return length switch
        {
            0 => null,
            -(int)Errno.TimedOut => throw new HandoverException("it does not answer in time"),
            < 0 => throw new HandoverException(new LinuxException((Errno)(-length), "its message is not read").Message),
            _ => HandoverCodec.Decode(_buffer.AsSpan(0, length)) switch
            {
                HandoverRefusal refusal => throw new HandoverException(refusal.Reason, isRefusal: true),
                { } message => message,
                null => throw new HandoverException("it says something that this version does not know"),
            },
        };
    }

    /// <summary>Nothing comes of it. Who does not hear of that learns of the end of this process.</summary>
    public void TryRefuse(string reason)
    {
        try
        {
            Send(new HandoverRefusal(reason));
        }
        catch (HandoverException)
        {
            // It is gone already.
        }
    }

    /// <summary>Waits until the other process has ended, but not for ever. What it says meanwhile is not heard.</summary>
    public bool HasEnded(TimeSpan patience) =>
        channel.Receive(_buffer, [], patience) is <= 0 and not -(int)Errno.TimedOut;

    public void Dispose() => channel.Dispose();
}
