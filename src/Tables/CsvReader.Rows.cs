using System.Runtime.CompilerServices;

namespace LeoCvae;

sealed partial class CsvReader
{
    // Its values are NaN where they are missing, and the numbers of texts in columns that have such.
    string? ReadRow()
    {
        if (_records.FieldCount != _roles.Length)
        {
            InvalidDataException fault = At(null,
                $"got {_records.FieldCount} fields, expected {_roles.Length} as in the header{Surplus()}{_doubt.Hint}");
            throw _rows > 0 ? fault : new(fault.Message + _headerDoubt.Elsewhere(_records, isHeader: false));
        }
        if (_records.FollowsBlank && _roles.Length == 1)
            throw At(_layout.Header[0], "a blank line stands before it, which in a file of one column may be a missing value: write \"\" " +
                "for one, or leave the line out");
        _headerDoubt.RequireOther(_records, _rows);
        _doubt.See(_records.Content);
        bool isText = _records.IsText;
        for (int field = 0; field < _roles.Length; field++)
        {
            ReadOnlySpan<byte> behind = _records.FieldBehind(field);
            if (!isText)
                RequireText(field, behind[NumberText.Before..]);
            if (_roles[field] is int column and >= 0)
                ReadCell(column, field, behind);
            else if (field == _layout.GroupIndex)
                _groups!.Add(Group(behind[NumberText.Before..]));
        }
        foreach ((int column, int field) in _awaited.AsSpan(0, _awaitedCount))
            _values[column] = _texts[column]!.AddAwaited(_records.Field(field), _rows, _records.Line);
        _awaitedCount = 0;
        return _layout.TargetIndex < 0 || _request.Use == LabelUse.Ignored ? null : ReadLabel(_records.Field(_layout.TargetIndex));
    }

    string? ReadLabel(ReadOnlySpan<byte> label)
    {
        bool isMissing = MissingValue.Is(Blanks.Trim(label));
        if (_request.Use == LabelUse.Optional && _rows == _start)
            _isUnlabeled = isMissing;
        string column = _layout.Header[_layout.TargetIndex];
        if (_isUnlabeled)
            return isMissing ? null : throw At(column,
                $"got the label '{VisibleText.Start(label)}', expected none as in the rows before it: give every row its label, or none");
        if (isMissing)
        {
            string got = label.IsEmpty ? "an empty label" : $"the label '{VisibleText.Start(label)}', which stands for a missing value";
            string advice = Blanks.Trim(label).IsEmpty ? "" : ", or rename the class if it is one";
            throw At(column, $"got {got}, expected a class name; fill it in or leave the row out{advice}");
        }
        return Text(_layout.TargetIndex, label);
    }

    // Blanks around a name would part what belongs together; a row without one stands for itself.
    string? Group(ReadOnlySpan<byte> cell)
    {
        ReadOnlySpan<byte> name = Blanks.Trim(cell);
        return MissingValue.Is(name) ? null : Text(_layout.GroupIndex, name);
    }

    // The cell stands behind other bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void ReadCell(int column, int field, ReadOnlySpan<byte> behind)
    {
        if (_texts[column] is null && !_form.HasDecimalComma
            && NumberText.TryReadShort(behind, out _values[column], out int decimals))
            AddNumber(column, behind[NumberText.Before..], decimals);
        else
            ReadLongCell(column, field, behind[NumberText.Before..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void AddNumber(int column, ReadOnlySpan<byte> number, int decimals)
    {
        _texts.AddDecimals(column, decimals);
        // Of as many as were needed before nothing is learned.
        if ((uint)decimals > (uint)_decimals[column])
            _decimals[column] = Math.Max(_decimals[column], TableBuilder.DecimalsOf(number));
    }

    void ReadLongCell(int column, int field, ReadOnlySpan<byte> cell)
    {
        CellTexts? texts = _texts[column];
        ReadOnlySpan<byte> number = texts is null ? _form.Of(cell) : Blanks.Trim(cell);
        if (texts is null && NumberText.TryReadPlain(number, out _values[column], out int decimals))
            AddNumber(column, number, decimals);
        else if (MissingValue.Is(number))
        {
            _values[column] = double.NaN;
            _texts.AddMissing(column, cell, _rows, _records.Line);
        }
        else if (texts is null && NumberText.Read(number, out _values[column]) == NumberTextKind.Number)
        {
            _decimals[column] = Math.Max(_decimals[column], TableBuilder.DecimalsOf(number));
            _texts.AddNumber(column, number);
        }
        else
        {
            if (texts is null)
                (_firstText[column], texts) = (_rows - _first, _texts.Begin(column));
            texts.Await(cell);
            _awaited[_awaitedCount++] = (column, field);
        }
    }
}
