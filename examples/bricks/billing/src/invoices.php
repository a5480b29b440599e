<?php

final class Invoices
{
    public function total(array $lines): int
    {
        return array_sum(array_column($lines, 'cents'));
    }

    public function pdf(array $lines): string
    {
        return '%PDF ' . $this->total($lines);
    }
}
