namespace Flowd.Rotation;

/// <summary>How often a log goes on to another file. Aligned: at multiples of the interval in local time.</summary>
public readonly record struct RotationInterval(int Seconds, bool IsAligned);
