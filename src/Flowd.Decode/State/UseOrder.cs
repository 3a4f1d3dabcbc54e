using System.Collections.Generic;

namespace Flowd.Decode.State;

/// <summary>Lists in order of use: the most recently used comes first.</summary>
internal static class UseOrder
{
    /// <summary>Makes an item the most recently used one. Nothing happens if it is in no list.</summary>
    public static void MoveToFront<T>(this LinkedList<T> list, LinkedListNode<T> node)
    {
        if (node.List is null || list.First == node)
            return;
        list.Remove(node);
        list.AddFirst(node);
    }
}
