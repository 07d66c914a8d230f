namespace Fulcrum.Hosting;

/// <summary>Several count down for themselves, and one is told the sum.</summary>
internal sealed class JointProgress(IProgress<int> whole, int parts)
{
    private readonly Lock _gate = new();
    private readonly int[] _left = new int[parts];

    public IProgress<int> Part(int number) => new Share(this, number);

    private void Report(int number, int value)
    {
        int sum;
        lock (_gate)
        {
            _left[number] = value;
            sum = _left.Sum();
        }

        whole.Report(sum);
    }

    private sealed class Share(JointProgress joint, int number) : IProgress<int>
    {
        public void Report(int value) => joint.Report(number, value);
    }
}
