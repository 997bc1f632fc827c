/** What is known, as name and value, under a heading. */
export function FactTable({ caption, lines, testId }: { caption: string; lines: readonly (readonly [string, string])[]; testId?: string }) {
  return (
    <section data-testid={testId}>
      <h2 className="card-title">{caption}</h2>
      <table className="table">
        <tbody>
          {lines.map(([name, value]) => (
            <tr key={`${name}${value}`}>
              <th scope="row">{name}</th>
              <td style={{ overflowWrap: "anywhere" }}>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
