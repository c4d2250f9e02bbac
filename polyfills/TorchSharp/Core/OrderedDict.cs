using System.Collections;

namespace TorchSharp.Utils;

/// <summary>A dictionary that remembers the order in which its entries came.</summary>
public class OrderedDict<TKey, TValue> : IDictionary<TKey, TValue>, IList<(TKey, TValue)>
{
    private readonly List<(TKey Key, TValue Value)> _list = [];
    private readonly Dictionary<TKey, int> _places = [];

    public int Count => _list.Count;
    public bool IsReadOnly => false;
    public ICollection<TKey> Keys => _list.ConvertAll(e => e.Key);
    public ICollection<TValue> Values => _list.ConvertAll(e => e.Value);
    public IEnumerable<TKey> keys() => Keys;
    public IEnumerable<TValue> values() => Values;
    public IEnumerator<(TKey, TValue)> items() => GetEnumerator();

    public (TKey, TValue) this[int index]
    {
        get => _list[index];
        set
        {
            _places.Remove(_list[index].Key);
            _list[index] = value;
            _places.Add(value.Item1, index);
        }
    }

    public TValue this[TKey key]
    {
        get => _list[_places[key]].Value;
        set
        {
            if (_places.TryGetValue(key, out int place)) _list[place] = (key, value);
            else Add(key, value);
        }
    }

    public void Add(TKey key, TValue value)
    {
        _places.Add(key, _list.Count);
        _list.Add((key, value));
    }

    public void Add((TKey, TValue) item) => Add(item.Item1, item.Item2);
    public void Add(KeyValuePair<TKey, TValue> item) => Add(item.Key, item.Value);

    public void Insert(int index, (TKey, TValue) item)
    {
        if (_places.ContainsKey(item.Item1)) throw new ArgumentException($"There is an entry named '{item.Item1}' already.");
        _list.Insert(index, item);
        Number();
    }

    public void RemoveAt(int index)
    {
        _list.RemoveAt(index);
        Number();
    }

    public bool Remove(TKey key)
    {
        if (!_places.TryGetValue(key, out int place)) return false;
        RemoveAt(place);
        return true;
    }

    public bool Remove((TKey, TValue) item) => Contains(item) && Remove(item.Item1);
    public bool Remove(KeyValuePair<TKey, TValue> item) => Remove((item.Key, item.Value));

    private void Number()
    {
        _places.Clear();
        for (int i = 0; i < _list.Count; i++) _places.Add(_list[i].Key, i);
    }

    public void Clear()
    {
        _list.Clear();
        _places.Clear();
    }

    public void clear() => Clear();
    public bool ContainsKey(TKey key) => _places.ContainsKey(key);
    public bool Contains((TKey, TValue) item) => _list.Contains(item);
    public bool Contains(KeyValuePair<TKey, TValue> item) => Contains((item.Key, item.Value));
    public int IndexOf((TKey, TValue) item) => _list.IndexOf(item);

    public bool TryGetValue(TKey key, out TValue value)
    {
        bool found = _places.TryGetValue(key, out int place);
        value = found ? _list[place].Value : default;
        return found;
    }

    public void CopyTo((TKey, TValue)[] array, int arrayIndex) => _list.CopyTo(array, arrayIndex);

    public void CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex)
    {
        foreach (var (key, value) in _list) array[arrayIndex++] = new(key, value);
    }

    public IEnumerator<(TKey, TValue)> GetEnumerator() => _list.GetEnumerator();
    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() =>
        _list.Select(e => new KeyValuePair<TKey, TValue>(e.Key, e.Value)).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
