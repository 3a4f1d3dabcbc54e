
namespace Flowd.Filter;

/// <summary>How a number is compared; what is not equal is a negated clause.</summary>
public enum ComparisonOperator : byte
{
    Equal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// <summary>A number, and how another must compare to it.</summary>
public readonly record struct Comparison(ComparisonOperator Operator, ulong Operand)
{
    /// <summary>How operators are written, in the order of their values.</summary>
    public static readonly string[] Symbols = ["=", "<", "<=", ">", ">="];

    public string Symbol => Symbols[(int)Operator];

    public bool Holds(ulong value) => Operator switch
    {
        ComparisonOperator.Less => value < Operand,
        ComparisonOperator.AtMost => value <= Operand,
        ComparisonOperator.Greater => value > Operand,
        ComparisonOperator.AtLeast => value >= Operand,
        _ => value == Operand,
    };
}
