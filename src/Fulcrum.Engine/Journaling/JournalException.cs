using System.Globalization;

namespace Fulcrum.Engine.Journaling;

/// <summary>The journal did not do what was asked; the message says what can be done about it.</summary>
public sealed class JournalException : Exception
{
    private JournalException(JournalFailure failure, string message, Exception? cause = null)
        : base(message, cause) => Failure = failure;

    public JournalFailure Failure { get; }

    internal static JournalException NotWritten(Exception cause) =>
        new(
            JournalFailure.Disk,
            $"the change could not be made durable, so it was not made: {cause.Message}; "
                + "see whether the disk of the state directory is full, read-only or failing, then try again",
            cause
        );

    internal static JournalException NotRead(Exception cause) =>
        new(
            JournalFailure.Disk,
            $"the journal cannot be read: {cause.Message}; "
                + "see whether the state directory can be read and no other process uses it",
            cause
        );

    internal static JournalException Full(long wanted, int bound) =>
        new(
            JournalFailure.Full,
            string.Create(
                CultureInfo.InvariantCulture,
                $"the journal would hold {wanted} bytes, and its bound is {bound}; remove something first"
            )
        );

    internal static JournalException Stopping() =>
        new(JournalFailure.Stopping, "the node is stopping, so the change was not made");

    internal static JournalException HandingOver() =>
        new(
            JournalFailure.Stopping,
            "another process takes this one's place, so the change was not made; try again in a moment"
        );

    internal static JournalException Newer(string file, uint version, uint known) =>
        new(
            JournalFailure.NewerVersion,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{file} has format {version}, and {known} is the last known here; "
            ) + "nothing was changed: run the version that wrote it, or move the journal's files away and begin anew"
        );
}
