<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>Actions</name>
    <message>
        <source>Open &amp;model…</source>
        <translation>打开模型(&amp;M)…</translation>
    </message>
    <message>
        <source>Open a checkpoint</source>
        <translation>打开检查点</translation>
    </message>
    <message>
        <source>Open &amp;image…</source>
        <translation>打开图像(&amp;I)…</translation>
    </message>
    <message>
        <source>Open a picture or an .npy array as input</source>
        <translation>打开图像或 .npy 数组作为输入</translation>
    </message>
    <message>
        <source>Compare &amp;against a deploy file…</source>
        <translation>与 deploy 文件比较(&amp;A)…</translation>
    </message>
    <message>
        <source>Compare with somebody else's deploy file</source>
        <translation>与他人的 deploy 文件比较</translation>
    </message>
    <message>
        <source>&amp;Reload</source>
        <translation>重新载入(&amp;R)</translation>
    </message>
    <message>
        <source>Read the model file again</source>
        <translation>重新读取模型文件</translation>
    </message>
    <message>
        <source>Open &amp;session…</source>
        <translation>打开会话(&amp;S)…</translation>
    </message>
    <message>
        <source>Open a saved session: model, picture, selection and layout</source>
        <translation>打开已保存的会话：模型、图像、选择与布局</translation>
    </message>
    <message>
        <source>Sa&amp;ve session…</source>
        <translation>保存会话(&amp;V)…</translation>
    </message>
    <message>
        <source>Save what is open, what is selected and how it is shown</source>
        <translation>保存打开的内容、所选内容及其显示方式</translation>
    </message>
    <message>
        <source>Reopen &amp;last session</source>
        <translation>重新打开上次会话(&amp;L)</translation>
    </message>
    <message>
        <source>Show again what was shown when the window was closed last</source>
        <translation>重新显示上次关闭窗口时的内容</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>Close the window</source>
        <translation>关闭窗口</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>Take back the last change: assumptions, weights, comparison, engine or dispatch</source>
        <translation>撤销上一次更改：假设、权重、比较、引擎或分派</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>Make that change again</source>
        <translation>重新进行该更改</translation>
    </message>
    <message>
        <source>&amp;Copy pane as picture</source>
        <translation>将窗格复制为图像(&amp;C)</translation>
    </message>
    <message>
        <source>Copy what the selected tab shows</source>
        <translation>复制所选标签页显示的内容</translation>
    </message>
    <message>
        <source>Save &amp;pane as picture…</source>
        <translation>将窗格保存为图像(&amp;P)…</translation>
    </message>
    <message>
        <source>Save what the selected tab shows as PNG, SVG or PDF</source>
        <translation>将所选标签页显示的内容保存为 PNG、SVG 或 PDF</translation>
    </message>
    <message>
        <source>Copy pa&amp;ne as table</source>
        <translation>将窗格复制为表格(&amp;N)</translation>
    </message>
    <message>
        <source>Copy the first table, or the numbers of the first chart, of the selected tab as CSV</source>
        <translation>将所选标签页的第一个表格或第一个图表的数值复制为 CSV</translation>
    </message>
    <message>
        <source>Save pane as CS&amp;V…</source>
        <translation>将窗格保存为 CSV(&amp;V)…</translation>
    </message>
    <message>
        <source>Save that table as CSV</source>
        <translation>将该表格保存为 CSV</translation>
    </message>
    <message>
        <source>Save &amp;depth plot as picture…</source>
        <translation>将深度图保存为图像(&amp;D)…</translation>
    </message>
    <message>
        <source>Save the difference along the depth as PNG, SVG or PDF</source>
        <translation>将沿深度的差异保存为 PNG、SVG 或 PDF</translation>
    </message>
    <message>
        <source>Save &amp;blocks as CSV…</source>
        <translation>将块保存为 CSV(&amp;B)…</translation>
    </message>
    <message>
        <source>Save every block with its figures</source>
        <translation>保存每个块及其数值</translation>
    </message>
    <message>
        <source>Save &amp;top 5 as CSV…</source>
        <translation>将前 5 名保存为 CSV(&amp;T)…</translation>
    </message>
    <message>
        <source>Save the best classes of each phase</source>
        <translation>保存各阶段的最佳类别</translation>
    </message>
    <message>
        <source>Save det&amp;ails as CSV…</source>
        <translation>将详情保存为 CSV(&amp;A)…</translation>
    </message>
    <message>
        <source>Save the table of the selected details tab</source>
        <translation>保存所选详情标签页的表格</translation>
    </message>
    <message>
        <source>Save selected &amp;map as NPY…</source>
        <translation>将所选特征图保存为 NPY(&amp;M)…</translation>
    </message>
    <message>
        <source>Save the feature map that was chosen last, the output at first</source>
        <translation>保存最近选择的特征图；未选择时为输出</translation>
    </message>
    <message>
        <source>Save &amp;kernel as NPY…</source>
        <translation>将卷积核保存为 NPY(&amp;K)…</translation>
    </message>
    <message>
        <source>Save the block's fused kernel, rounded to float32 as it is stored</source>
        <translation>保存块的融合核，按存储方式舍入为 float32</translation>
    </message>
    <message>
        <source>Cop&amp;y as command</source>
        <translation>复制为命令(&amp;Y)</translation>
    </message>
    <message>
        <source>Copy the repscope-cli line that runs what is shown and saves the chosen map</source>
        <translation>复制运行当前所示内容并保存所选特征图的 repscope-cli 命令行</translation>
    </message>
    <message>
        <source>Copy ver&amp;ification as command</source>
        <translation>将验证复制为命令(&amp;I)</translation>
    </message>
    <message>
        <source>Copy the repscope-cli line that verifies this model on this input</source>
        <translation>复制以此输入验证此模型的 repscope-cli 命令行</translation>
    </message>
    <message>
        <source>Phase &amp;train</source>
        <translation>阶段 train(&amp;T)</translation>
    </message>
    <message>
        <source>Train: branches, with the statistics of this input</source>
        <translation>Train：各分支，使用此输入的统计量</translation>
    </message>
    <message>
        <source>Phase &amp;eval</source>
        <translation>阶段 eval(&amp;E)</translation>
    </message>
    <message>
        <source>Eval: branches, with running statistics</source>
        <translation>Eval：各分支，使用运行统计量</translation>
    </message>
    <message>
        <source>Phase &amp;deploy</source>
        <translation>阶段 deploy(&amp;D)</translation>
    </message>
    <message>
        <source>Deploy: fused kernels</source>
        <translation>Deploy：融合核</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>缩小(&amp;O)</translation>
    </message>
    <message>
        <source>Show more of it</source>
        <translation>显示更多内容</translation>
    </message>
    <message>
        <source>Zoom to &amp;fit</source>
        <translation>缩放至适合(&amp;F)</translation>
    </message>
    <message>
        <source>Show all of it</source>
        <translation>显示全部内容</translation>
    </message>
    <message>
        <source>Charts as ta&amp;bles</source>
        <translation>图表显示为表格(&amp;B)</translation>
    </message>
    <message>
        <source>Show the charts and maps of the selected tab as tables of their numbers, or as pictures again</source>
        <translation>将所选标签页的图表与特征图显示为数值表格，或恢复为图像</translation>
    </message>
    <message>
        <source>&amp;Next tab</source>
        <translation>下一个标签页(&amp;N)</translation>
    </message>
    <message>
        <source>The tab at the right: activations, kernel …</source>
        <translation>右侧的标签页：激活、卷积核……</translation>
    </message>
    <message>
        <source>&amp;Previous tab</source>
        <translation>上一个标签页(&amp;P)</translation>
    </message>
    <message>
        <source>The tab at the left</source>
        <translation>左侧的标签页</translation>
    </message>
    <message>
        <source>In&amp;spect</source>
        <translation>检视(&amp;S)</translation>
    </message>
    <message>
        <source>Layout to understand a model: blocks, diagram, maps and figures</source>
        <translation>用于理解模型的布局：块、结构图、特征图与数值</translation>
    </message>
    <message>
        <source>Teac&amp;h</source>
        <translation>教学(&amp;H)</translation>
    </message>
    <message>
        <source>Layout to explain: large pictures and the lessons</source>
        <translation>用于讲解的布局：大图像与课程</translation>
    </message>
    <message>
        <source>&amp;Verify</source>
        <translation>验证(&amp;V)</translation>
    </message>
    <message>
        <source>Layout to decide: answers, problems and differences</source>
        <translation>用于判定的布局：答案、问题与差异</translation>
    </message>
    <message>
        <source>&amp;Reset layout</source>
        <translation>重置布局(&amp;R)</translation>
    </message>
    <message>
        <source>Put all panes of this layout back where they were at first</source>
        <translation>将此布局的所有窗格恢复到初始位置</translation>
    </message>
    <message>
        <source>Large type and few panes, for a projector; again to leave</source>
        <translation>大字号、少窗格，适合投影；再按一次退出</translation>
    </message>
    <message>
        <source>En&amp;glish</source>
        <translation>English(&amp;G)</translation>
    </message>
    <message>
        <source>Say everything in English</source>
        <translation>界面全部使用英文</translation>
    </message>
    <message>
        <source>简体中文 (&amp;L)</source>
        <translation>简体中文 (&amp;L)</translation>
    </message>
    <message>
        <source>Say everything in Chinese</source>
        <translation>界面全部使用中文</translation>
    </message>
    <message>
        <source>&amp;Next block</source>
        <translation>下一个块(&amp;N)</translation>
    </message>
    <message>
        <source>Select the block after this</source>
        <translation>选择此块之后的块</translation>
    </message>
    <message>
        <source>&amp;Previous block</source>
        <translation>上一个块(&amp;P)</translation>
    </message>
    <message>
        <source>Select the block before this</source>
        <translation>选择此块之前的块</translation>
    </message>
    <message>
        <source>&amp;Worst block</source>
        <translation>最差的块(&amp;W)</translation>
    </message>
    <message>
        <source>Select the block that is closest to its limit</source>
        <translation>选择最接近其界限的块</translation>
    </message>
    <message>
        <source>&amp;Filter blocks</source>
        <translation>筛选块(&amp;F)</translation>
    </message>
    <message>
        <source>Type a part of a block's name</source>
        <translation>输入块名称的一部分</translation>
    </message>
    <message>
        <source>&amp;Command palette…</source>
        <translation>命令面板(&amp;C)…</translation>
    </message>
    <message>
        <source>Find any action, block, tab or weight set by a part of its name</source>
        <translation>按名称的一部分查找操作、块、标签页或权重组</translation>
    </message>
    <message>
        <source>&amp;Explain this pixel</source>
        <translation>解释此像素(&amp;E)</translation>
    </message>
    <message>
        <source>Show what adds up to the element under the cursor of a map</source>
        <translation>显示特征图光标处的元素由哪些项相加而成</translation>
    </message>
    <message>
        <source>P&amp;in or unpin channel</source>
        <translation>固定或取消固定通道(&amp;I)</translation>
    </message>
    <message>
        <source>Keep the channel under the cursor of a map first in the mosaic</source>
        <translation>将特征图光标处的通道固定在拼图最前</translation>
    </message>
    <message>
        <source>&amp;Verify again</source>
        <translation>重新验证(&amp;V)</translation>
    </message>
    <message>
        <source>Run all phases and verify again</source>
        <translation>运行所有阶段并重新验证</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
    </message>
    <message>
        <source>Stop what is under way</source>
        <translation>停止正在进行的操作</translation>
    </message>
    <message>
        <source>&amp;Keys</source>
        <translation>按键(&amp;K)</translation>
    </message>
    <message>
        <source>Show or hide this list</source>
        <translation>显示或隐藏此列表</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>E&amp;dit</source>
        <translation>编辑(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Export</source>
        <translation>导出(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Go</source>
        <translation>转到(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>运行(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>Space (hold)</source>
        <translation>Space（按住）</translation>
    </message>
    <message>
        <source>Show the other form, eval or deploy, while it is held</source>
        <translation>按住时显示另一形式（eval 或 deploy）</translation>
    </message>
    <message>
        <source>Wheel, drag</source>
        <translation>滚轮、拖动</translation>
    </message>
    <message>
        <source>In the maps: zoom about the mouse, move what is seen</source>
        <translation>在特征图中：以鼠标为中心缩放，移动所见区域</translation>
    </message>
    <message>
        <source>Click, Enter</source>
        <translation>单击、Enter</translation>
    </message>
    <message>
        <source>In the maps: one channel alone, or all again</source>
        <translation>在特征图中：仅显示一个通道，或重新显示全部</translation>
    </message>
    <message>
        <source>Ctrl+click</source>
        <translation>Ctrl+单击</translation>
    </message>
    <message>
        <source>In the maps: explain this element</source>
        <translation>在特征图中：解释此元素</translation>
    </message>
    <message>
        <source>Shift+click</source>
        <translation>Shift+单击</translation>
    </message>
    <message>
        <source>In the activations: pin this channel, or let it go</source>
        <translation>在激活中：固定此通道，或取消固定</translation>
    </message>
    <message>
        <source>Arrow keys</source>
        <translation>方向键</translation>
    </message>
    <message>
        <source>In a map: from element to element. In the diagram: from box to box</source>
        <translation>在特征图中：逐元素移动。在结构图中：逐框移动</translation>
    </message>
    <message>
        <source>Tab, Enter</source>
        <translation>Tab、Enter</translation>
    </message>
    <message>
        <source>In the diagram: the next box; choose its map</source>
        <translation>在结构图中：下一个框；选择其特征图</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>放大(&amp;I)</translation>
    </message>
    <message>
        <source>Magnify what the selected tab shows</source>
        <translation>放大所选标签页的内容</translation>
    </message>
    <message>
        <source>Presenter &amp;mode</source>
        <translation>演示模式(&amp;M)</translation>
    </message>
</context>
<context>
    <name>BlockFacts</name>
    <message>
        <source>agreement (SNR)</source>
        <translation>一致度 (SNR)</translation>
    </message>
    <message>
        <source>local error</source>
        <translation>局部误差</translation>
    </message>
    <message>
        <source>cumulative error</source>
        <translation>累积误差</translation>
    </message>
    <message>
        <source>error / bound</source>
        <translation>误差 / 界</translation>
    </message>
    <message>
        <source>largest branch's share</source>
        <translation>最大分支的占比</translation>
    </message>
    <message>
        <source>parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>MACs</source>
        <translation>MACs</translation>
    </message>
    <message>
        <source>exact</source>
        <translation>精确</translation>
    </message>
    <message>
        <source>%1 dB</source>
        <translation>%1 dB</translation>
    </message>
</context>
<context>
    <name>BlockFilter</name>
    <message>
        <source>A quote is not closed.</source>
        <translation>引号未闭合。</translation>
    </message>
    <message>
        <source>Words that name, family or form contain, and terms such as
k=3  groups&gt;1  snr&lt;100  params&gt;=1M  name~stage3  exactness!=everywhere
All must hold. Figures: %1</source>
        <translation>名称、系列或形式所含的词，以及如下条件：
k=3  groups&gt;1  snr&lt;100  params&gt;=1M  name~stage3  exactness!=everywhere
须全部成立。可用数值：%1</translation>
    </message>
    <message>
        <source>%1: there is no figure "%2". There are: %3.</source>
        <translation>%1：没有数值“%2”。可用的有：%3。</translation>
    </message>
    <message>
        <source>%1: a value is missing.</source>
        <translation>%1：缺少值。</translation>
    </message>
    <message>
        <source>%1: %2 is a text; it takes = != ~ !~.</source>
        <translation>%1：%2 是文本，可用 = != ~ !~。</translation>
    </message>
    <message>
        <source>%1: %2 is a number; it takes = != &lt; &lt;= &gt; &gt;=.</source>
        <translation>%1：%2 是数，可用 = != &lt; &lt;= &gt; &gt;=。</translation>
    </message>
    <message>
        <source>%1: "%2" is not a number.</source>
        <translation>%1：“%2”不是数。</translation>
    </message>
</context>
<context>
    <name>BreakIt</name>
    <message>
        <source>wrong eps</source>
        <translation>eps 错误</translation>
    </message>
    <message>
        <source>forgotten branch</source>
        <translation>遗漏分支</translation>
    </message>
    <message>
        <source>misplaced small kernel</source>
        <translation>小卷积核错位</translation>
    </message>
    <message>
        <source>identity ignores groups</source>
        <translation>恒等分支忽略组</translation>
    </message>
    <message>
        <source>zero padding in a chain</source>
        <translation>链中零填充</translation>
    </message>
    <message>
        <source>merged across a zero border</source>
        <translation>跨零边界融合</translation>
    </message>
    <message>
        <source>train mode</source>
        <translation>train 模式</translation>
    </message>
    <message>
        <source>gamma / var</source>
        <translation>gamma / var</translation>
    </message>
    <message>
        <source>eps outside the root</source>
        <translation>eps 在根号外</translation>
    </message>
    <message>
        <source>mean ignored</source>
        <translation>忽略均值</translation>
    </message>
    <message>
        <source>mean with the wrong sign</source>
        <translation>均值符号错误</translation>
    </message>
    <message>
        <source>mean not scaled</source>
        <translation>均值未缩放</translation>
    </message>
    <message>
        <source>beta ignored</source>
        <translation>忽略 beta</translation>
    </message>
    <message>
        <source>gamma ignored</source>
        <translation>忽略 gamma</translation>
    </message>
    <message>
        <source>norm left out</source>
        <translation>遗漏归一化</translation>
    </message>
    <message>
        <source>mean and beta ignored</source>
        <translation>忽略均值与 beta</translation>
    </message>
    <message>
        <source>statistics not copied</source>
        <translation>未复制统计量</translation>
    </message>
    <message>
        <source>branch counted twice</source>
        <translation>分支重复计入</translation>
    </message>
    <message>
        <source>bias of a branch ignored</source>
        <translation>忽略分支偏置</translation>
    </message>
    <message>
        <source>bias of a convolution ignored</source>
        <translation>忽略卷积偏置</translation>
    </message>
    <message>
        <source>inner bias lost</source>
        <translation>丢失内层偏置</translation>
    </message>
    <message>
        <source>no bias at all</source>
        <translation>完全没有偏置</translation>
    </message>
    <message>
        <source>outer norm moved</source>
        <translation>外层归一化移位</translation>
    </message>
    <message>
        <source>scale left out</source>
        <translation>遗漏缩放</translation>
    </message>
    <message>
        <source>one branch alone</source>
        <translation>仅一个分支</translation>
    </message>
    <message>
        <source>not fused at all</source>
        <translation>完全未融合</translation>
    </message>
    <message>
        <source>kernel turned or mirrored</source>
        <translation>卷积核旋转或镜像</translation>
    </message>
    <message>
        <source>channels exchanged</source>
        <translation>通道互换</translation>
    </message>
    <message>
        <source>rounded to float16</source>
        <translation>舍入为 float16</translation>
    </message>
    <message>
        <source>rounded to bfloat16</source>
        <translation>舍入为 bfloat16</translation>
    </message>
    <message>
        <source>rounded to int8</source>
        <translation>舍入为 int8</translation>
    </message>
    <message>
        <source>rounded to int4</source>
        <translation>舍入为 int4</translation>
    </message>
</context>
<context>
    <name>Core</name>
    <message>
        <source>{} bytes at byte {}</source>
        <translation>第 {1} 字节处的 {0} 字节</translation>
    </message>
    <message>
        <source>{} bytes in all</source>
        <translation>共 {} 字节</translation>
    </message>
    <message>
        <source>the file is cut short or its directory is wrong</source>
        <translation>文件被截断，或其目录有误</translation>
    </message>
    <message>
        <source>{}: byte {}</source>
        <translation>{}：字节 {}</translation>
    </message>
    <message>
        <source>{} more bytes</source>
        <translation>还有 {} 字节</translation>
    </message>
    <message>
        <source>{} left</source>
        <translation>剩余 {}</translation>
    </message>
    <message>
        <source>the file is cut short</source>
        <translation>文件被截断</translation>
    </message>
    <message>
        <source>a byte {}</source>
        <translation>第 {} 字节</translation>
    </message>
    <message>
        <source>a readable regular file</source>
        <translation>可读的普通文件</translation>
    </message>
    <message>
        <source>check the path and its permissions</source>
        <translation>检查路径及其权限</translation>
    </message>
    <message>
        <source>a file that becomes shorter while it is read</source>
        <translation>读取时变短的文件</translation>
    </message>
    <message>
        <source>a file</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>nothing there</source>
        <translation>此处没有文件</translation>
    </message>
    <message>
        <source>check the path</source>
        <translation>检查路径</translation>
    </message>
    <message>
        <source>a directory</source>
        <translation>目录</translation>
    </message>
    <message>
        <source>a device, pipe or socket</source>
        <translation>设备、管道或套接字</translation>
    </message>
    <message>
        <source>an empty file</source>
        <translation>空文件</translation>
    </message>
    <message>
        <source>download or export it again</source>
        <translation>重新下载或导出</translation>
    </message>
    <message>
        <source>the content that it had when it was opened</source>
        <translation>打开时的内容</translation>
    </message>
    <message>
        <source>a file that was written or cut short since</source>
        <translation>此后被改写或截断的文件</translation>
    </message>
    <message>
        <source>open it again</source>
        <translation>重新打开</translation>
    </message>
    <message>
        <source>the file holds the fused kernel only</source>
        <translation>文件只含融合核</translation>
    </message>
    <message>
        <source>not merged: </source>
        <translation>未融合： </translation>
    </message>
    <message>
        <source>the deploy flag is set</source>
        <translation>deploy 标志已设置</translation>
    </message>
    <message>
        <source>the deploy flag is not set</source>
        <translation>deploy 标志未设置</translation>
    </message>
    <message>
        <source>the branches were replaced by the fused kernel</source>
        <translation>分支已被融合核替换</translation>
    </message>
    <message>
        <source>the branches are in place</source>
        <translation>分支仍在</translation>
    </message>
    <message>
        <source>the decorator diverted the call</source>
        <translation>装饰器转移了调用</translation>
    </message>
    <message>
        <source>the decorator let the call through</source>
        <translation>装饰器放行了调用</translation>
    </message>
    <message>
        <source>oneDNN to accept the call</source>
        <translation>oneDNN 接受该调用</translation>
    </message>
    <message>
        <source>a map that this engine made</source>
        <translation>由本引擎生成的特征图</translation>
    </message>
    <message>
        <source>another one</source>
        <translation>另一个</translation>
    </message>
    <message>
        <source>a map that is not empty</source>
        <translation>非空的特征图</translation>
    </message>
    <message>
        <source>an addend {}</source>
        <translation>加数 {}</translation>
    </message>
    <message>
        <source>{} slopes of PReLU</source>
        <translation>{} 个 PReLU 斜率</translation>
    </message>
    <message>
        <source>slopes of PReLU</source>
        <translation>PReLU 斜率</translation>
    </message>
    <message>
        <source>factors {}</source>
        <translation>因子 {}</translation>
    </message>
    <message>
        <source>border values</source>
        <translation>边界值</translation>
    </message>
    <message>
        <source>a map larger than what is cropped</source>
        <translation>大于裁剪量的特征图</translation>
    </message>
    <message>
        <source>average pool</source>
        <translation>平均池化</translation>
    </message>
    <message>
        <source>at least one part</source>
        <translation>至少一个部分</translation>
    </message>
    <message>
        <source>parts like {}</source>
        <translation>形如 {} 的部分</translation>
    </message>
    <message>
        <source>bias values</source>
        <translation>偏置值</translation>
    </message>
    <message>
        <source>a oneDNN kernel for it</source>
        <translation>与之对应的 oneDNN 内核</translation>
    </message>
    <message>
        <source>a convolution</source>
        <translation>卷积</translation>
    </message>
    <message>
        <source>more than one value per channel in phase train</source>
        <translation>阶段 train 中每通道多于一个值</translation>
    </message>
    <message>
        <source>one, for input {}</source>
        <translation>一个，输入为 {}</translation>
    </message>
    <message>
        <source>use a larger picture or several pictures as one batch (--batch)</source>
        <translation>使用更大的图像，或把多张图像作为一批（--batch）</translation>
    </message>
    <message>
        <source>a block that can be run</source>
        <translation>可运行的块</translation>
    </message>
    <message>
        <source>a network that can be run whole</source>
        <translation>可整体运行的网络</translation>
    </message>
    <message>
        <source>run one block with --block</source>
        <translation>用 --block 运行单个块</translation>
    </message>
    <message>
        <source>{}, the size that the network's shapes were exported for</source>
        <translation>{}，即导出网络形状时的大小</translation>
    </message>
    <message>
        <source>export the network for this size</source>
        <translation>按此大小导出网络</translation>
    </message>
    <message>
        <source>constant pad</source>
        <translation>常数填充</translation>
    </message>
    <message>
        <source>{} values</source>
        <translation>{} 个值</translation>
    </message>
    <message>
        <source>an operation on dense tensors</source>
        <translation>对稠密张量的运算</translation>
    </message>
    <message>
        <source>squeeze and excitation</source>
        <translation>SE（压缩激励）</translation>
    </message>
    <message>
        <source>a scale per channel</source>
        <translation>每通道一个缩放</translation>
    </message>
    <message>
        <source>at least one element</source>
        <translation>至少一个元素</translation>
    </message>
    <message>
        <source>{} key{} not used, the first is '{}'</source>
        <translation>有 {0} 个键未使用，第一个是“{2}”</translation>
    </message>
    <message>
        <source>s are</source>
        <translation>均</translation>
    </message>
    <message>
        <source>they are kept in the fused file as they are</source>
        <translation>它们原样保留在融合后的文件中</translation>
    </message>
    <message>
        <source>the keys of a known family ({})</source>
        <translation>已知系列（{}）的键</translation>
    </message>
    <message>
        <source>no tensors</source>
        <translation>没有张量</translation>
    </message>
    <message>
        <source>{} tensors, the first is '{}'</source>
        <translation>{} 个张量，第一个是“{}”</translation>
    </message>
    <message>
        <source>a network without multi-branch blocks has nothing to fuse; blocks of another family can be described (--blocks)</source>
        <translation>没有多分支块的网络无可融合；其他系列的块可以自行描述（--blocks）</translation>
    </message>
    <message>
        <source>one of {}</source>
        <translation>{} 之一</translation>
    </message>
    <message>
        <source>{} {} blocks</source>
        <translation>{} 个 {} 块</translation>
    </message>
    <message>
        <source>block {} is refused: {}</source>
        <translation>块 {} 被拒绝：{}</translation>
    </message>
    <message>
        <source>{} {} block{}</source>
        <translation>{0} 个 {1} 块</translation>
    </message>
    <message>
        <source>the blocks do not stand in the order of a network that is known here; each can be run alone</source>
        <translation>这些块的顺序不属于任何已知网络；每个块可单独运行</translation>
    </message>
    <message>
        <source>a family's name</source>
        <translation>系列名称</translation>
    </message>
    <message>
        <source>a positive number</source>
        <translation>正数</translation>
    </message>
    <message>
        <source>a number in [0, 1]</source>
        <translation>[0, 1] 内的数</translation>
    </message>
    <message>
        <source>a size such as 2 or 2x1</source>
        <translation>大小，如 2 或 2x1</translation>
    </message>
    <message>
        <source>a size such as 1, 1x0 or 1x1x0x0 (top, left, bottom, right)</source>
        <translation>大小，如 1、1x0 或 1x1x0x0（上、左、下、右）</translation>
    </message>
    <message>
        <source>a positive integer</source>
        <translation>正整数</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true 或 false</translation>
    </message>
    <message>
        <source>none, before or after</source>
        <translation>none、before 或 after</translation>
    </message>
    <message>
        <source>none, relu, relu6, leaky_relu:0.05, prelu, silu, gelu, hardswish, hardsigmoid, sigmoid or tanh</source>
        <translation>none、relu、relu6、leaky_relu:0.05、prelu、silu、gelu、hardswish、hardsigmoid、sigmoid 或 tanh</translation>
    </message>
    <message>
        <source>one of the keys {}</source>
        <translation>键 {} 之一</translation>
    </message>
    <message>
        <source>{} to be {}</source>
        <translation>{} 取 {}</translation>
    </message>
    <message>
        <source>all blocks</source>
        <translation>所有块</translation>
    </message>
    <message>
        <source>{}, {} … {} ({} blocks)</source>
        <translation>{}、{} … {}（{} 个块）</translation>
    </message>
    <message>
        <source>from shapes</source>
        <translation>由形状得出</translation>
    </message>
    <message>
        <source>from shapes: one input channel per kernel</source>
        <translation>由形状得出：每个卷积核一个输入通道</translation>
    </message>
    <message>
        <source>{}: expected {} input channels, found {} per group in {} groups</source>
        <translation>{0}：应为 {1} 个输入通道，实为 {3} 组、每组 {2} 个</translation>
    </message>
    <message>
        <source>{}: expected a multiple of {} groups, found {} output channels</source>
        <translation>{}：应为组数 {} 的倍数，实为 {} 个输出通道</translation>
    </message>
    <message>
        <source>from shapes: an identity branch</source>
        <translation>由形状得出：恒等分支</translation>
    </message>
    <message>
        <source>{}: the branches of {} do not line up when they are dilated</source>
        <translation>{}：{} 的分支在膨胀后无法对齐</translation>
    </message>
    <message>
        <source>{}{}.running_mean: expected an identity norm (equal width, not the first of its stage), found no such key</source>
        <translation>{}{}.running_mean：应有恒等归一化（宽度相等，且非所在 stage 的首块），但没有该键</translation>
    </message>
    <message>
        <source>{}: expected a kernel of four dimensions, found {}</source>
        <translation>{}：应为四维卷积核，实为 {}</translation>
    </message>
    <message>
        <source>the checkpoint is damaged or training diverged</source>
        <translation>检查点已损坏，或训练已发散</translation>
    </message>
    <message>
        <source>the block is left as it is</source>
        <translation>该块保持原样</translation>
    </message>
    <message>
        <source>see docs/described-blocks.md</source>
        <translation>见 docs/described-blocks.md</translation>
    </message>
    <message>
        <source>an object</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>a number from {} to {}</source>
        <translation>{} 到 {} 之间的数</translation>
    </message>
    <message>
        <source>a size, or [height, width]</source>
        <translation>大小，或 [height, width]</translation>
    </message>
    <message>
        <source>sizes from 1 to 1024</source>
        <translation>1 到 1024 之间的大小</translation>
    </message>
    <message>
        <source>a list of steps</source>
        <translation>步骤列表</translation>
    </message>
    <message>
        <source>an empty one</source>
        <translation>空的</translation>
    </message>
    <message>
        <source>a key with # in `each`, and a `step`</source>
        <translation>`each` 中带 # 的键，以及 `step`</translation>
    </message>
    <message>
        <source>at most {} steps inside each other</source>
        <translation>至多嵌套 {} 层步骤</translation>
    </message>
    <message>
        <source>one of conv, norm, scale, times, pool, border, identity, chain, sum, concat</source>
        <translation>conv、norm、scale、times、pool、border、identity、chain、sum、concat 之一</translation>
    </message>
    <message>
        <source>a list of at least one key</source>
        <translation>至少含一个键的列表</translation>
    </message>
    <message>
        <source>keys as text</source>
        <translation>文本形式的键</translation>
    </message>
    <message>
        <source>a body</source>
        <translation>块体</translation>
    </message>
    <message>
        <source>`fused`, the name of the convolution that replaces the branches</source>
        <translation>`fused`，即替换分支的卷积的名称</translation>
    </message>
    <message>
        <source>an activation as --assume takes it</source>
        <translation>--assume 可接受的激活</translation>
    </message>
    <message>
        <source>a list `blocks`</source>
        <translation>列表 `blocks`</translation>
    </message>
    <message>
        <source>at most 1 MB of JSON</source>
        <translation>至多 1 MB 的 JSON</translation>
    </message>
    <message>
        <source>{} bytes</source>
        <translation>{} 字节</translation>
    </message>
    <message>
        <source>FastViT large kernel</source>
        <translation>FastViT 大核</translation>
    </message>
    <message>
        <source> (the graph states it)</source>
        <translation> （计算图已给出）</translation>
    </message>
    <message>
        <source>block {} reads {} channels, the one before it makes {}</source>
        <translation>块 {} 读取 {} 个通道，其前一块产生 {} 个</translation>
    </message>
    <message>
        <source>no {}.weight that fits {} features: the network ends with its last block</source>
        <translation>没有适合 {1} 个特征的 {0}.weight：网络止于最后一个块</translation>
    </message>
    <message>
        <source>{} does not reach the network's output: it is fused and verified, and left out of what the network costs</source>
        <translation>{} 不通向网络输出：仍融合并验证，但不计入网络开销</translation>
    </message>
    <message>
        <source>{}: expected a tensor {}, found no such key</source>
        <translation>{}：应有张量 {}，但没有该键</translation>
    </message>
    <message>
        <source>{}: expected shape {}, found {}</source>
        <translation>{}：应为形状 {}，实为 {}</translation>
    </message>
    <message>
        <source>: expected one value, or one for each of </source>
        <translation>：应为一个值，或每通道一个值，共 </translation>
    </message>
    <message>
        <source> channels, found shape </source>
        <translation> 个通道，实为形状 </translation>
    </message>
    <message>
        <source>{}: expected variances of 0 or more, found {} at channel {}</source>
        <translation>{0}：方差应不小于 0，通道 {2} 处实为 {1}</translation>
    </message>
    <message>
        <source>{}: every running mean is 0 and every variance is 1, as if no batch had passed</source>
        <translation>{}：所有运行均值为 0，所有方差为 1，如同未曾经过任何批次</translation>
    </message>
    <message>
        <source>check that buffers were saved, not parameters only</source>
        <translation>检查是否保存了缓冲区，而不只是参数</translation>
    </message>
    <message>
        <source>MobileIE, {} channels</source>
        <translation>MobileIE，{} 通道</translation>
    </message>
    <message>
        <source>its attention takes the Fourier transform of the map, which is not known here; each block can be run alone</source>
        <translation>其注意力对特征图做傅里叶变换，此处不支持；每个块可单独运行</translation>
    </message>
    <message>
        <source>RepVGG's names of official, timm, mmpretrain or paddle, or MobileOne's of the first three</source>
        <translation>RepVGG 的 official、timm、mmpretrain 或 paddle 命名，或 MobileOne 的前三种命名</translation>
    </message>
    <message>
        <source>{} in the layout {}</source>
        <translation>布局 {1} 的 {0}</translation>
    </message>
    <message>
        <source>write it in the source's own layout</source>
        <translation>按来源自身的布局写出</translation>
    </message>
    <message>
        <source>a tensor of {} in the {} layout</source>
        <translation>{1} 布局下 {0} 的张量</translation>
    </message>
    <message>
        <source>preset: ImageNet, as </source>
        <translation>预设：ImageNet，同 </translation>
    </message>
    <message>
        <source>preset: the picture as it is, as </source>
        <translation>预设：图像保持原样，同 </translation>
    </message>
    <message>
        <source>preset: ImageNet, as the graph states none</source>
        <translation>预设：ImageNet，因计算图未给出</translation>
    </message>
    <message>
        <source>preset: values in [0, 1], as the graph makes a picture</source>
        <translation>预设：值在 [0, 1] 内，因计算图输出图像</translation>
    </message>
    <message>
        <source>weight64: expected at most 64 stacked kernels</source>
        <translation>weight64：应至多有 64 个堆叠的卷积核</translation>
    </message>
    <message>
        <source>{}: expected tensors of one generated kernel, found inner widths {} and {}, {} of {} expanded channels, {} of {} rows of coefficients</source>
        <translation>{0}：应为同一生成卷积核的张量，实为内部宽度 {1} 与 {2}，扩展通道 {3}/{4} 个，系数 {5}/{6} 行</translation>
    </message>
    <message>
        <source>{}: expected a kernel for {} input channels, found shape {}</source>
        <translation>{}：应为适合 {} 个输入通道的卷积核，实为形状 {}</translation>
    </message>
    <message>
        <source>{}{}: expected norms that all have gamma and beta, or none</source>
        <translation>{}{}：各归一化层应全都有 gamma 和 beta，或全都没有</translation>
    </message>
    <message>
        <source>{}{}: expected norms of {} channels in all, found {}</source>
        <translation>{}{}：各归一化层应共有 {} 个通道，实为 {}</translation>
    </message>
    <message>
        <source>{}{}: expected {} values or one, found no such key</source>
        <translation>{}{}：应有 {} 个值或一个值，但没有该键</translation>
    </message>
    <message>
        <source>{}: expected equal widths and stride 1 for an identity branch, found {} to {} channels, stride {}x{}</source>
        <translation>{}：恒等分支要求宽度相等且步幅为 1，实为 {} 到 {} 通道，步幅 {}x{}</translation>
    </message>
    <message>
        <source>{}{}: expected a kernel for {} input channels, found {} per group</source>
        <translation>{}{}：应为适合 {} 个输入通道的卷积核，实为每组 {} 个</translation>
    </message>
    <message>
        <source>{}.conv.weight: expected {} channels, found {}</source>
        <translation>{}.conv.weight：应为 {} 个通道，实为 {} 个</translation>
    </message>
    <message>
        <source>fc.weight: expected a linear layer for {} features</source>
        <translation>fc.weight：应为适合 {} 个特征的线性层</translation>
    </message>
    <message>
        <source>PP-LCNetV2, depths {}, width {}</source>
        <translation>PP-LCNetV2，深度 {}，宽度 {}</translation>
    </message>
    <message>
        <source>preset: PP-LCNetV2, place in its stage</source>
        <translation>预设：PP-LCNetV2，在 stage 中的位置</translation>
    </message>
    <message>
        <source>se: squeeze and excitation stands between the branches and the outer norm, so the norm cannot be merged</source>
        <translation>se：SE 位于分支与外层归一化之间，因此该归一化无法融合</translation>
    </message>
    <message>
        <source>UniRepLKNet small</source>
        <translation>UniRepLKNet 小核</translation>
    </message>
    <message>
        <source>UniRepLKNet pointwise</source>
        <translation>UniRepLKNet 逐点</translation>
    </message>
    <message>
        <source>YOLOv9 and Ultralytics</source>
        <translation>YOLOv9 与 Ultralytics</translation>
    </message>
    <message>
        <source>timm legacy RepViT</source>
        <translation>timm 旧版 RepViT</translation>
    </message>
    <message>
        <source>RepViT and LeViT</source>
        <translation>RepViT 与 LeViT</translation>
    </message>
    <message>
        <source>BN_Linear pair</source>
        <translation>BN_Linear 对</translation>
    </message>
    <message>
        <source>{} of {} blocks stand where RepViT has them</source>
        <translation>{1} 个块中有 {0} 个处于 RepViT 中的对应位置</translation>
    </message>
    <message>
        <source>expected a block {}, found none</source>
        <translation>应有块 {}，却没有</translation>
    </message>
    <message>
        <source>RepViT, depths {}, widths {}</source>
        <translation>RepViT，深度 {}，宽度 {}</translation>
    </message>
    <message>
        <source>preset: RepViT, place in the network</source>
        <translation>预设：RepViT，在网络中的位置</translation>
    </message>
    <message>
        <source>FMEN and RT4KSR</source>
        <translation>FMEN 与 RT4KSR</translation>
    </message>
    <message>
        <source>{}, depths {}, widths {}{}{}</source>
        <translation>{}，深度 {}，宽度 {}{}{}</translation>
    </message>
    <message>
        <source>, groups {}</source>
        <translation>，组数 {}</translation>
    </message>
    <message>
        <source>{} tensors of auxiliary heads are left out: only training computes them</source>
        <translation>略去辅助头的 {} 个张量：只有训练时才计算它们</translation>
    </message>
    <message>
        <source>preset: {}, first block of a stage</source>
        <translation>预设：{}，stage 的首块</translation>
    </message>
    <message>
        <source>the last block makes {} channels, which is no square number of the input's {}</source>
        <translation>最后一个块产生 {} 个通道，不是输入的 {} 个通道的平方数倍</translation>
    </message>
    <message>
        <source>SPAN, {} channels</source>
        <translation>SPAN，{} 通道</translation>
    </message>
    <message>
        <source>upsampler.0: expected a square number of channels for each of the picture's</source>
        <translation>upsampler.0：图像的每个通道应对应平方数个通道</translation>
    </message>
    <message>
        <source>head.0.weight: expected a kernel for pictures whose pixels were put into channels two by two</source>
        <translation>head.0.weight：应为适合像素按 2x2 排入通道的图像的卷积核</translation>
    </message>
    <message>
        <source>upsample.0: expected a square number of channels for each of the picture's</source>
        <translation>upsample.0：图像的每个通道应对应平方数个通道</translation>
    </message>
    <message>
        <source>RT4KSR, {} blocks, {} channels x{}</source>
        <translation>RT4KSR，{} 个块，{} 通道 x{}</translation>
    </message>
    <message>
        <source>from keys</source>
        <translation>由键得出</translation>
    </message>
    <message>
        <source>: this kind of block has no slopes for activation prelu</source>
        <translation>：此类块没有激活 prelu 所需的斜率</translation>
    </message>
    <message>
        <source>write the dilated {} densely</source>
        <translation>把膨胀的 {} 写成稠密形式</translation>
    </message>
    <message>
        <source>K'[d·y, d·x] = K[y, x], zeros between</source>
        <translation>K'[d·y, d·x] = K[y, x]，其间为零</translation>
    </message>
    <message>
        <source>fold BN into {}</source>
        <translation>把 BN 折入 {}</translation>
    </message>
    <message>
        <source>scale {}</source>
        <translation>缩放 {}</translation>
    </message>
    <message>
        <source>the average pool does not count its padding, so it is not affine at the border</source>
        <translation>该平均池化不计入填充，因此在边界处不是仿射的</translation>
    </message>
    <message>
        <source>the average pool rounds its output size up (ceil mode)</source>
        <translation>该平均池化的输出大小向上取整（ceil 模式）</translation>
    </message>
    <message>
        <source>write the average pool {} as a kernel</source>
        <translation>把平均池化 {} 写成卷积核</translation>
    </message>
    <message>
        <source>write {} as a kernel</source>
        <translation>把 {} 写成卷积核</translation>
    </message>
    <message>
        <source>the identity</source>
        <translation>恒等</translation>
    </message>
    <message>
        <source>K[o, i] = 1 where o = i</source>
        <translation>当 o = i 时 K[o, i] = 1</translation>
    </message>
    <message>
        <source>fold {} into {}</source>
        <translation>把 {} 折入 {}</translation>
    </message>
    <message>
        <source>multiply {} by {}</source>
        <translation>{} 乘以 {}</translation>
    </message>
    <message>
        <source>the border before {} holds something else than its padding</source>
        <translation>{} 之前的边界与其填充的内容不同</translation>
    </message>
    <message>
        <source>{} is padded after a {}x{} window that still sees the input there</source>
        <translation>{} 在 {}x{} 窗口之后填充，而该窗口在那里仍能看到输入</translation>
    </message>
    <message>
        <source>the border added after {} does not hold what it makes of zero</source>
        <translation>{} 之后添加的边界不是它由零得到的值</translation>
    </message>
    <message>
        <source>the border inside {} does not hold what {} makes of zero</source>
        <translation>{} 内的边界不是 {} 由零得到的值</translation>
    </message>
    <message>
        <source>{} is zero padded after {}, whose bias is not zero</source>
        <translation>{} 在 {} 之后做零填充，而后者的偏置不为零</translation>
    </message>
    <message>
        <source>fold {} into the {} behind it</source>
        <translation>把 {} 折入其后的 {}</translation>
    </message>
    <message>
        <source>merge {} and {}</source>
        <translation>融合 {} 与 {}</translation>
    </message>
    <message>
        <source>the borders of {} and {} hold different values</source>
        <translation>{} 与 {} 的边界值不同</translation>
    </message>
    <message>
        <source>its stride is {}x{}, that of {} is {}x{}</source>
        <translation>其步幅为 {}x{}，而 {} 的步幅为 {}x{}</translation>
    </message>
    <message>
        <source>its window does not line up with that of {} in {}</source>
        <translation>其窗口与 {1} 中 {0} 的窗口不对齐</translation>
    </message>
    <message>
        <source>write {} with {} group{}</source>
        <translation>把 {0} 写成 {1} 组</translation>
    </message>
    <message>
        <source>zeros where an output does not read an input</source>
        <translation>输出不读取某输入之处为零</translation>
    </message>
    <message>
        <source>embed {} in {}x{}</source>
        <translation>把 {} 嵌入 {}x{}</translation>
    </message>
    <message>
        <source>K'[y + {}, x + {}] = K[y, x], zeros around</source>
        <translation>K'[y + {}, x + {}] = K[y, x]，周围为零</translation>
    </message>
    <message>
        <source>add the branches</source>
        <translation>分支相加</translation>
    </message>
    <message>
        <source>stack the parts along output channels</source>
        <translation>沿输出通道堆叠各部分</translation>
    </message>
    <message>
        <source>the border inside {} does not hold what the steps before it make of zero</source>
        <translation>{} 内的边界不是其之前各步骤由零得到的值</translation>
    </message>
    <message>
        <source>not affine</source>
        <translation>非仿射</translation>
    </message>
    <message>
        <source>already in deploy form</source>
        <translation>已是部署形式</translation>
    </message>
    <message>
        <source>a plain block: it has one branch only</source>
        <translation>普通块：只有一个分支</translation>
    </message>
    <message>
        <source>fusing {}</source>
        <translation>正在融合 {}</translation>
    </message>
    <message>
        <source>a body that ends with the norm </source>
        <translation>以如下归一化层结尾的块体： </translation>
    </message>
    <message>
        <source>a body that can be fused</source>
        <translation>可融合的块体</translation>
    </message>
    <message>
        <source>a name that ends in .safetensors, .pth, .pt, .npz or .pdparams</source>
        <translation>以 .safetensors、.pth、.pt、.npz 或 .pdparams 结尾的名称</translation>
    </message>
    <message>
        <source>no suffix</source>
        <translation>没有后缀</translation>
    </message>
    <message>
        <source>at least one block in train form</source>
        <translation>至少一个训练形式的块</translation>
    </message>
    <message>
        <source>{} blocks, form {}</source>
        <translation>{} 个块，形式 {}</translation>
    </message>
    <message>
        <source>the file is fused already; use it as it is</source>
        <translation>文件已经融合；直接使用即可</translation>
    </message>
    <message>
        <source>see `inspect` for each block's reason</source>
        <translation>各块的原因见 `inspect`</translation>
    </message>
    <message>
        <source>{} is left as it is: {}</source>
        <translation>{} 保持原样：{}</translation>
    </message>
    <message>
        <source>deploy graph</source>
        <translation>部署图</translation>
    </message>
    <message>
        <source>{} regions</source>
        <translation>{} 个区域</translation>
    </message>
    <message>
        <source>{} is left as it is: its input or output in the file has another shape, or no name</source>
        <translation>{} 保持原样：它在文件中的输入或输出形状不同，或没有名称</translation>
    </message>
    <message>
        <source>at least one block that can be merged</source>
        <translation>至少一个可融合的块</translation>
    </message>
    <message>
        <source>a network whose graph is known</source>
        <translation>计算图已知的网络</translation>
    </message>
    <message>
        <source>write .safetensors or .pth instead</source>
        <translation>改写为 .safetensors 或 .pth</translation>
    </message>
    <message>
        <source>one input</source>
        <translation>一个输入</translation>
    </message>
    <message>
        <source>only networks that take a picture can be shown</source>
        <translation>只能显示以图像为输入的网络</translation>
    </message>
    <message>
        <source>a shape [n, c, h, w] with known channels</source>
        <translation>通道数已知的形状 [n, c, h, w]</translation>
    </message>
    <message>
        <source>no shape</source>
        <translation>没有形状</translation>
    </message>
    <message>
        <source>export the network with the shape of its input</source>
        <translation>导出网络时带上输入形状</translation>
    </message>
    <message>
        <source>at most {} elements</source>
        <translation>至多 {} 个元素</translation>
    </message>
    <message>
        <source>affine region</source>
        <translation>仿射区域</translation>
    </message>
    <message>
        <source>ONNX graph, opset {}, {} nodes{}{}</source>
        <translation>ONNX 图，opset {}，{} 个节点{}{}</translation>
    </message>
    <message>
        <source>, exported by </source>
        <translation>，导出自 </translation>
    </message>
    <message>
        <source>its output does not depend on its input</source>
        <translation>其输出不依赖于输入</translation>
    </message>
    <message>
        <source>blocks before it and behind it can be used alone</source>
        <translation>其前后的块可单独使用</translation>
    </message>
    <message>
        <source>at least one output</source>
        <translation>至少一个输出</translation>
    </message>
    <message>
        <source>the file is damaged</source>
        <translation>文件已损坏</translation>
    </message>
    <message>
        <source>constants of at most {} more bytes</source>
        <translation>至多再有 {} 字节的常量</translation>
    </message>
    <message>
        <source>one of shape {}</source>
        <translation>一个形状为 {} 的</translation>
    </message>
    <message>
        <source>the file is damaged, or raise the limit</source>
        <translation>文件已损坏，否则请提高限制</translation>
    </message>
    <message>
        <source>'{}' is a second input of the network</source>
        <translation>“{}”是网络的第二个输入</translation>
    </message>
    <message>
        <source>a value that is made once</source>
        <translation>只生成一次的值</translation>
    </message>
    <message>
        <source>a second one</source>
        <translation>第二个</translation>
    </message>
    <message>
        <source>two nodes that make it</source>
        <translation>有两个节点生成它</translation>
    </message>
    <message>
        <source>a graph without cycles</source>
        <translation>无环的图</translation>
    </message>
    <message>
        <source>a node that waits for itself</source>
        <translation>等待自身的节点</translation>
    </message>
    <message>
        <source>a value that a node makes</source>
        <translation>由某节点生成的值</translation>
    </message>
    <message>
        <source>inputs that something makes</source>
        <translation>有来源的输入</translation>
    </message>
    <message>
        <source> is an operation that is not known here</source>
        <translation> 是此处未知的运算</translation>
    </message>
    <message>
        <source>{}: its output {} is not known here</source>
        <translation>{}：其输出 {} 在此处未知</translation>
    </message>
    <message>
        <source>its input {} is missing</source>
        <translation>缺少其输入 {}</translation>
    </message>
    <message>
        <source>its input '{}' is not constant</source>
        <translation>其输入“{}”不是常量</translation>
    </message>
    <message>
        <source>an operation that can be written as ONNX</source>
        <translation>可写成 ONNX 的运算</translation>
    </message>
    <message>
        <source>a border with a value for each channel</source>
        <translation>每通道一个值的边界</translation>
    </message>
    <message>
        <source>a pixel unshuffle in PyTorch's order</source>
        <translation>按 PyTorch 顺序的 pixel unshuffle</translation>
    </message>
    <message>
        <source>a sum over axes</source>
        <translation>沿轴求和</translation>
    </message>
    <message>
        <source>a cubic resize with its own coefficient</source>
        <translation>自带系数的三次缩放</translation>
    </message>
    <message>
        <source>its slopes are not one per channel</source>
        <translation>其斜率不是每通道一个</translation>
    </message>
    <message>
        <source>its approximation by tanh is not known here</source>
        <translation>此处不支持其 tanh 近似</translation>
    </message>
    <message>
        <source>its bounds are not single numbers</source>
        <translation>其上下限不是单个数</translation>
    </message>
    <message>
        <source>{} of {} axes instead of {}</source>
        <translation>{} 有 {} 个轴，而不是 {} 个</translation>
    </message>
    <message>
        <source>{} are not two sizes from {} to {}</source>
        <translation>{} 不是两个 {} 到 {} 之间的大小</translation>
    </message>
    <message>
        <source>pads are not four sizes</source>
        <translation>pads 不是四个大小</translation>
    </message>
    <message>
        <source> is not known here</source>
        <translation> 在此处未知</translation>
    </message>
    <message>
        <source>a map</source>
        <translation>特征图</translation>
    </message>
    <message>
        <source>a kernel</source>
        <translation>卷积核</translation>
    </message>
    <message>
        <source>a kernel {} cannot have {} groups</source>
        <translation>卷积核 {} 不能有 {} 组</translation>
    </message>
    <message>
        <source>a bias {} for {} channels</source>
        <translation>偏置 {} 用于 {} 个通道</translation>
    </message>
    <message>
        <source>a map of {} axes</source>
        <translation>{} 个轴的特征图</translation>
    </message>
    <message>
        <source>a vector {} for {} channels</source>
        <translation>向量 {} 用于 {} 个通道</translation>
    </message>
    <message>
        <source>the variance {} of channel {} is negative</source>
        <translation>通道 {1} 的方差 {0} 为负</translation>
    </message>
    <message>
        <source>{} was exported in training mode; phases eval and deploy take its running statistics</source>
        <translation>{} 以训练模式导出；阶段 eval 和 deploy 使用其运行统计量</translation>
    </message>
    <message>
        <source>call model.eval() before exporting</source>
        <translation>导出前调用 model.eval()</translation>
    </message>
    <message>
        <source>dilated average pooling is not known here</source>
        <translation>此处不支持膨胀的平均池化</translation>
    </message>
    <message>
        <source>scale and bias are not one per channel</source>
        <translation>scale 和 bias 不是每通道一个</translation>
    </message>
    <message>
        <source>operands that are no matrices</source>
        <translation>操作数不是矩阵</translation>
    </message>
    <message>
        <source>a transposed first operand is not known here</source>
        <translation>此处不支持转置的第一操作数</translation>
    </message>
    <message>
        <source>an addend {} for {} outputs</source>
        <translation>加数 {} 用于 {} 个输出</translation>
    </message>
    <message>
        <source>sizes of 0 are not known here</source>
        <translation>此处不支持大小为 0</translation>
    </message>
    <message>
        <source>there is no axis {}</source>
        <translation>没有轴 {}</translation>
    </message>
    <message>
        <source>axis {} of {} is not 1</source>
        <translation>{1} 的轴 {0} 不为 1</translation>
    </message>
    <message>
        <source>too many axes</source>
        <translation>轴过多</translation>
    </message>
    <message>
        <source>an axis is named twice</source>
        <translation>同一轴给出两次</translation>
    </message>
    <message>
        <source>it has no inputs</source>
        <translation>它没有输入</translation>
    </message>
    <message>
        <source>{} sizes for {} outputs</source>
        <translation>{} 个大小对应 {} 个输出</translation>
    </message>
    <message>
        <source>its parts do not fit the map</source>
        <translation>其各部分与特征图不符</translation>
    </message>
    <message>
        <source>only single positions of a map are known here</source>
        <translation>此处仅支持特征图的单个位置</translation>
    </message>
    <message>
        <source>there is no position {}</source>
        <translation>没有位置 {}</translation>
    </message>
    <message>
        <source>pads are not two sizes per axis</source>
        <translation>pads 不是每轴两个大小</translation>
    </message>
    <message>
        <source>its value is not one number</source>
        <translation>其值不是单个数</translation>
    </message>
    <message>
        <source>it adds to a map</source>
        <translation>它对特征图做累加</translation>
    </message>
    <message>
        <source>it overwrites a map that is no constant border, or that another node overwrites</source>
        <translation>它覆写的特征图不是常数边界，或也被另一节点覆写</translation>
    </message>
    <message>
        <source>its positions do not fit the map</source>
        <translation>其位置与特征图不符</translation>
    </message>
    <message>
        <source>node '{}' (ScatterND): it overwrites part of a map</source>
        <translation>节点“{}”（ScatterND）：它覆写特征图的一部分</translation>
    </message>
    <message>
        <source>negative repeats</source>
        <translation>重复次数为负</translation>
    </message>
    <message>
        <source>{} cannot be expanded to {}</source>
        <translation>{} 不能扩展为 {}</translation>
    </message>
    <message>
        <source>one of its options is not known here</source>
        <translation>其某个选项在此处未知</translation>
    </message>
    <message>
        <source>its sizes do not fit the map</source>
        <translation>其大小与特征图不符</translation>
    </message>
    <message>
        <source>a constant of a kind that is not known here</source>
        <translation>此处未知类型的常量</translation>
    </message>
    <message>
        <source>a range without end</source>
        <translation>没有终点的范围</translation>
    </message>
    <message>
        <source>its inputs do not fit each other</source>
        <translation>其各输入互不相符</translation>
    </message>
    <message>
        <source>it takes three inputs</source>
        <translation>它需要三个输入</translation>
    </message>
    <message>
        <source>it takes two inputs</source>
        <translation>它需要两个输入</translation>
    </message>
    <message>
        <source>maps of whole numbers are not known here</source>
        <translation>此处不支持整数特征图</translation>
    </message>
    <message>
        <source>its steps are shared too often to be written out</source>
        <translation>其步骤共用过多，无法展开写出</translation>
    </message>
    <message>
        <source>merged it would take {} times the multiplications ({} instead of {})</source>
        <translation>融合后乘法次数将变为 {} 倍（{}，而非 {}）</translation>
    </message>
    <message>
        <source>a border of {} pixel{} would differ: {}</source>
        <translation>宽 {0} 像素的边界将不同：{2}</translation>
    </message>
    <message>
        <source>from '{}' to '{}' the network is affine, but {}</source>
        <translation>从“{}”到“{}”网络是仿射的，但{}</translation>
    </message>
    <message>
        <source>the branches that meet in '{}' are not merged: '{}' ({}) on one of them is not affine</source>
        <translation>汇于“{}”的分支未融合：其中一支上的“{}”（{}）不是仿射的</translation>
    </message>
    <message>
        <source>a file or a link to one</source>
        <translation>文件或指向文件的链接</translation>
    </message>
    <message>
        <source>a circle of links</source>
        <translation>循环链接</translation>
    </message>
    <message>
        <source>choose another name</source>
        <translation>换一个名称</translation>
    </message>
    <message>
        <source>a place for a file</source>
        <translation>可放置文件的位置</translation>
    </message>
    <message>
        <source>a regular file</source>
        <translation>普通文件</translation>
    </message>
    <message>
        <source>a file that may be overwritten</source>
        <translation>允许覆盖的文件</translation>
    </message>
    <message>
        <source>a file name</source>
        <translation>文件名</translation>
    </message>
    <message>
        <source>add a file name</source>
        <translation>补上文件名</translation>
    </message>
    <message>
        <source>creating a file beside it</source>
        <translation>在其旁创建文件</translation>
    </message>
    <message>
        <source>keeping its permissions</source>
        <translation>保留其权限</translation>
    </message>
    <message>
        <source>flushing to disk</source>
        <translation>刷新到磁盘</translation>
    </message>
    <message>
        <source>renaming into place</source>
        <translation>重命名到位</translation>
    </message>
    <message>
        <source>success in {}</source>
        <translation>{}成功</translation>
    </message>
    <message>
        <source>create the directory first</source>
        <translation>先创建目录</translation>
    </message>
    <message>
        <source>check permissions and free space</source>
        <translation>检查权限和剩余空间</translation>
    </message>
    <message>
        <source>a tar file, as PyTorch before 0.1.10 wrote</source>
        <translation>PyTorch 0.1.10 之前写出的 tar 文件</translation>
    </message>
    <message>
        <source>in Python: torch.save(torch.load("{}", map_location="cpu"), "weights.pth"); a tar of other files: unpack it first</source>
        <translation>在 Python 中：torch.save(torch.load("{}", map_location="cpu"), "weights.pth")；若是其他文件的 tar 包：先解包</translation>
    </message>
    <message>
        <source>an HDF5 file</source>
        <translation>HDF5 文件</translation>
    </message>
    <message>
        <source>in Python: f = h5py.File("{}"); torch.save({{}}, "weights.pth")</source>
        <translation>在 Python 中：f = h5py.File("{}"); torch.save({{}}, "weights.pth")</translation>
    </message>
    <message>
        <source>a NumPy array, not a checkpoint</source>
        <translation>NumPy 数组，不是检查点</translation>
    </message>
    <message>
        <source>give it as input: --input {}</source>
        <translation>把它作为输入：--input {}</translation>
    </message>
    <message>
        <source>a picture, not a checkpoint</source>
        <translation>图像，不是检查点</translation>
    </message>
    <message>
        <source>content of no known format</source>
        <translation>格式未知的内容</translation>
    </message>
    <message>
        <source>give a checkpoint: .pth, .pt, .safetensors, .npz or .pdparams</source>
        <translation>请给出检查点：.pth、.pt、.safetensors、.npz 或 .pdparams</translation>
    </message>
    <message>
        <source>a web page</source>
        <translation>网页</translation>
    </message>
    <message>
        <source>download the file itself, not the page that shows it</source>
        <translation>请下载文件本身，而不是显示它的网页</translation>
    </message>
    <message>
        <source>a Git LFS pointer</source>
        <translation>Git LFS 指针</translation>
    </message>
    <message>
        <source>fetch the file itself: git lfs pull</source>
        <translation>获取文件本身：git lfs pull</translation>
    </message>
    <message>
        <source>a checkpoint</source>
        <translation>检查点</translation>
    </message>
    <message>
        <source>a checkpoint of PyTorch, Paddle, NumPy or safetensors</source>
        <translation>PyTorch、Paddle、NumPy 或 safetensors 的检查点</translation>
    </message>
    <message>
        <source>one of the sets </source>
        <translation>以下权重组之一： </translation>
    </message>
    <message>
        <source>enough memory</source>
        <translation>足够的内存</translation>
    </message>
    <message>
        <source>too little</source>
        <translation>不足</translation>
    </message>
    <message>
        <source>close other programs</source>
        <translation>关闭其他程序</translation>
    </message>
    <message>
        <source>sizes that memory can hold</source>
        <translation>内存可容纳的大小</translation>
    </message>
    <message>
        <source>a larger one</source>
        <translation>更大的</translation>
    </message>
    <message>
        <source>version https://git-lfs</source>
        <translation>version https://git-lfs</translation>
    </message>
    <message>
        <source>a picture that OpenCV decodes</source>
        <translation>OpenCV 可解码的图像</translation>
    </message>
    <message>
        <source>save it again as PNG or JPEG</source>
        <translation>重新保存为 PNG 或 JPEG</translation>
    </message>
    <message>
        <source>use a smaller picture</source>
        <translation>使用更小的图像</translation>
    </message>
    <message>
        <source>a PNG, JPEG, BMP, WebP, TIFF or PNM picture</source>
        <translation>PNG、JPEG、BMP、WebP、TIFF 或 PNM 图像</translation>
    </message>
    <message>
        <source>something else</source>
        <translation>其他内容</translation>
    </message>
    <message>
        <source>convert it, or give an .npy array</source>
        <translation>转换它，或给出 .npy 数组</translation>
    </message>
    <message>
        <source>8 or 16 bits per sample</source>
        <translation>每样本 8 或 16 位</translation>
    </message>
    <message>
        <source>{}{} bits</source>
        <translation>{}{} 位</translation>
    </message>
    <message>
        <source>convert it to 8 bits, or give an .npy array</source>
        <translation>转换为 8 位，或给出 .npy 数组</translation>
    </message>
    <message>
        <source>a picture that decodes to at most {} bytes</source>
        <translation>解码后至多 {} 字节的图像</translation>
    </message>
    <message>
        <source>{}x{} pixels</source>
        <translation>{}x{} 像素</translation>
    </message>
    <message>
        <source>the module that decodes pictures</source>
        <translation>解码图像的模块</translation>
    </message>
    <message>
        <source>install Repscope again, whole</source>
        <translation>重新完整安装 Repscope</translation>
    </message>
    <message>
        <source>a picture file below 2 GiB</source>
        <translation>小于 2 GiB 的图像文件</translation>
    </message>
    <message>
        <source>a damaged one</source>
        <translation>已损坏的</translation>
    </message>
    <message>
        <source>another kind of sample</source>
        <translation>其他类型的样本</translation>
    </message>
    <message>
        <source>at most {} pixels after resizing</source>
        <translation>缩放后至多 {} 像素</translation>
    </message>
    <message>
        <source>use a picture that is less narrow</source>
        <translation>使用不那么狭长的图像</translation>
    </message>
    <message>
        <source>sizes from 0 to 65536 and finite deviations other than 0</source>
        <translation>0 到 65536 之间的大小，以及非 0 的有限标准差</translation>
    </message>
    <message>
        <source>change the recipe</source>
        <translation>修改预处理配置</translation>
    </message>
    <message>
        <source>an array [n, c, h, w]</source>
        <translation>数组 [n, c, h, w]</translation>
    </message>
    <message>
        <source>reshape it to four axes</source>
        <translation>变形为四个轴</translation>
    </message>
    <message>
        <source>short side {}, </source>
        <translation>短边 {}， </translation>
    </message>
    <message>
        <source>centre crop {}x{}, </source>
        <translation>中心裁剪 {}x{}， </translation>
    </message>
    <message>
        <source>centre crop {} {}, </source>
        <translation>中心裁剪 {} {}， </translation>
    </message>
    <message>
        <source>{}x{}, {} bit, {}</source>
        <translation>{}x{}，{} 位，{}</translation>
    </message>
    <message>
        <source>at least one file</source>
        <translation>至少一个文件</translation>
    </message>
    <message>
        <source>give a picture or an .npy array</source>
        <translation>请给出图像或 .npy 数组</translation>
    </message>
    <message>
        <source>the size of the first input, {}</source>
        <translation>第一个输入的大小 {}</translation>
    </message>
    <message>
        <source>give inputs of one size</source>
        <translation>请给出大小相同的输入</translation>
    </message>
    <message>
        <source>preset: ImageNet</source>
        <translation>预设：ImageNet</translation>
    </message>
    <message>
        <source>descr, fortran_order and shape, once each</source>
        <translation>descr、fortran_order 和 shape 各一次</translation>
    </message>
    <message>
        <source>nothing behind the dict</source>
        <translation>字典之后没有内容</translation>
    </message>
    <message>
        <source>descr, fortran_order and shape</source>
        <translation>descr、fortran_order 和 shape</translation>
    </message>
    <message>
        <source>one of them missing</source>
        <translation>缺少其中之一</translation>
    </message>
    <message>
        <source>a plain element type</source>
        <translation>简单元素类型</translation>
    </message>
    <message>
        <source>a structured one</source>
        <translation>结构化类型</translation>
    </message>
    <message>
        <source>a closed text</source>
        <translation>有结束引号的文本</translation>
    </message>
    <message>
        <source>True or False</source>
        <translation>True 或 False</translation>
    </message>
    <message>
        <source>at most {} axes</source>
        <translation>至多 {} 个轴</translation>
    </message>
    <message>
        <source>a tuple</source>
        <translation>元组</translation>
    </message>
    <message>
        <source>a number in brackets</source>
        <translation>括号中的数</translation>
    </message>
    <message>
        <source>a size from 0 to 2^63-1</source>
        <translation>0 到 2^63-1 之间的大小</translation>
    </message>
    <message>
        <source>write the array with numpy.save</source>
        <translation>用 numpy.save 写出该数组</translation>
    </message>
    <message>
        <source>numbers (f2 f4 f8, i1 to i8, u1 to u8, b1)</source>
        <translation>数值（f2 f4 f8，i1 到 i8，u1 到 u8，b1）</translation>
    </message>
    <message>
        <source>convert it: array.astype('float32')</source>
        <translation>转换它：array.astype('float32')</translation>
    </message>
    <message>
        <source>a NumPy array (.npy)</source>
        <translation>NumPy 数组（.npy）</translation>
    </message>
    <message>
        <source>write it with numpy.save</source>
        <translation>用 numpy.save 写出</translation>
    </message>
    <message>
        <source>a header of at most {} bytes</source>
        <translation>至多 {} 字节的头部</translation>
    </message>
    <message>
        <source>{} elements of {} bytes</source>
        <translation>{} 个元素，每个 {} 字节</translation>
    </message>
    <message>
        <source>{} bytes of data</source>
        <translation>{} 字节数据</translation>
    </message>
    <message>
        <source>save one array per file</source>
        <translation>每个文件保存一个数组</translation>
    </message>
    <message>
        <source>an element type that NumPy has</source>
        <translation>NumPy 具有的元素类型</translation>
    </message>
    <message>
        <source>choose float16 or float32, or write .safetensors</source>
        <translation>选择 float16 或 float32，或写成 .safetensors</translation>
    </message>
    <message>
        <source>not numbers, skipped: {}</source>
        <translation>不是数值，已跳过：{}</translation>
    </message>
    <message>
        <source>arrays of numbers</source>
        <translation>数值数组</translation>
    </message>
    <message>
        <source>save the weights: numpy.savez("weights.npz", **arrays)</source>
        <translation>保存权重：numpy.savez("weights.npz", **arrays)</translation>
    </message>
    <message>
        <source>numbers of up to 64 bits</source>
        <translation>至多 64 位的数</translation>
    </message>
    <message>
        <source>ONNX data type {}</source>
        <translation>ONNX 数据类型 {}</translation>
    </message>
    <message>
        <source>a size below 2^63 bytes</source>
        <translation>小于 2^63 字节的大小</translation>
    </message>
    <message>
        <source>{} bytes for {} {}</source>
        <translation>{} 字节，对应 {} {}</translation>
    </message>
    <message>
        <source>{} bytes of external data</source>
        <translation>{} 字节的外部数据</translation>
    </message>
    <message>
        <source>length {}</source>
        <translation>长度 {}</translation>
    </message>
    <message>
        <source>a number as external {}</source>
        <translation>外部数据的 {} 应为数</translation>
    </message>
    <message>
        <source>external data in a file below the model's folder</source>
        <translation>位于模型所在文件夹内的外部数据文件</translation>
    </message>
    <message>
        <source>do not use this file unless you trust it</source>
        <translation>除非信任此文件，否则请勿使用</translation>
    </message>
    <message>
        <source>an ONNX file of at most {} bytes</source>
        <translation>至多 {} 字节的 ONNX 文件</translation>
    </message>
    <message>
        <source>keep the weights as external data, or raise the limit</source>
        <translation>将权重存为外部数据，或提高限制</translation>
    </message>
    <message>
        <source>an ONNX model (protobuf)</source>
        <translation>ONNX 模型（protobuf）</translation>
    </message>
    <message>
        <source>bytes that end early or contradict each other</source>
        <translation>提前结束或相互矛盾的字节</translation>
    </message>
    <message>
        <source>a graph with at least one node</source>
        <translation>至少有一个节点的图</translation>
    </message>
    <message>
        <source>ONNX's own operators</source>
        <translation>ONNX 自身的算子</translation>
    </message>
    <message>
        <source>only other domains</source>
        <translation>只有其他域</translation>
    </message>
    <message>
        <source>dense initializers</source>
        <translation>稠密的 initializer</translation>
    </message>
    <message>
        <source>sparse ones</source>
        <translation>稀疏的</translation>
    </message>
    <message>
        <source>export without sparse tensors</source>
        <translation>导出时不使用稀疏张量</translation>
    </message>
    <message>
        <source>an ONNX file below 2 GiB</source>
        <translation>小于 2 GiB 的 ONNX 文件</translation>
    </message>
    <message>
        <source>write safetensors instead</source>
        <translation>改写为 safetensors</translation>
    </message>
    <message>
        <source>OriginShape and slices</source>
        <translation>OriginShape 和 slices</translation>
    </message>
    <message>
        <source>slices that are arrays of one type</source>
        <translation>同一类型的数组切片</translation>
    </message>
    <message>
        <source>slices for shape {}</source>
        <translation>形状 {} 的切片</translation>
    </message>
    <message>
        <source>a slice '{}', once</source>
        <translation>切片“{}”仅一次</translation>
    </message>
    <message>
        <source>a dict</source>
        <translation>字典</translation>
    </message>
    <message>
        <source>names and their slices</source>
        <translation>名称及其切片</translation>
    </message>
    <message>
        <source>arrays inside the pickle</source>
        <translation>pickle 内的数组</translation>
    </message>
    <message>
        <source>a reference to a storage '{}'</source>
        <translation>对存储“{}”的引用</translation>
    </message>
    <message>
        <source>nothing behind its end</source>
        <translation>结尾之后没有内容</translation>
    </message>
    <message>
        <source>16-bit unsigned arrays are read as bfloat16, as Paddle does</source>
        <translation>16 位无符号数组按 bfloat16 读取，与 Paddle 一致</translation>
    </message>
    <message>
        <source>an element type that Paddle has</source>
        <translation>Paddle 具有的元素类型</translation>
    </message>
    <message>
        <source>write .safetensors instead</source>
        <translation>改写为 .safetensors</translation>
    </message>
    <message>
        <source>a protocol of at most 5</source>
        <translation>协议版本至多为 5</translation>
    </message>
    <message>
        <source>int of {} bytes</source>
        <translation>{} 字节的 int</translation>
    </message>
    <message>
        <source>a length of 0 or more</source>
        <translation>不小于 0 的长度</translation>
    </message>
    <message>
        <source>other bytes</source>
        <translation>其他字节</translation>
    </message>
    <message>
        <source>a list or set to add to</source>
        <translation>可追加的列表或集合</translation>
    </message>
    <message>
        <source>pairs of key and value</source>
        <translation>键值对</translation>
    </message>
    <message>
        <source>a dict to add to</source>
        <translation>可追加的字典</translation>
    </message>
    <message>
        <source>a memo entry that was written before</source>
        <translation>先前写入的 memo 项</translation>
    </message>
    <message>
        <source>entry {}</source>
        <translation>项 {}</translation>
    </message>
    <message>
        <source>module and name as text</source>
        <translation>文本形式的模块和名称</translation>
    </message>
    <message>
        <source>a symbol of at most {} bytes</source>
        <translation>至多 {} 字节的符号</translation>
    </message>
    <message>
        <source>a longer one</source>
        <translation>更长的</translation>
    </message>
    <message>
        <source>a value on the stack</source>
        <translation>栈上有一个值</translation>
    </message>
    <message>
        <source>{} values on the stack</source>
        <translation>栈上有 {} 个值</translation>
    </message>
    <message>
        <source>a MARK on the stack</source>
        <translation>栈上有 MARK</translation>
    </message>
    <message>
        <source>{}: byte {}: opcode 0x{}</source>
        <translation>{}：字节 {}：操作码 0x{}</translation>
    </message>
    <message>
        <source>the pickle is damaged</source>
        <translation>pickle 已损坏</translation>
    </message>
    <message>
        <source>an opcode that data of protocol 2 to 5 needs</source>
        <translation>协议 2 到 5 的数据所需的操作码</translation>
    </message>
    <message>
        <source>the file is damaged or not from torch.save</source>
        <translation>文件已损坏，或并非由 torch.save 写出</translation>
    </message>
    <message>
        <source>an integer as argument {}</source>
        <translation>参数 {} 应为整数</translation>
    </message>
    <message>
        <source>a tuple of sizes</source>
        <translation>大小组成的元组</translation>
    </message>
    <message>
        <source>at least {} arguments</source>
        <translation>至少 {} 个参数</translation>
    </message>
    <message>
        <source>characters up to U+00FF</source>
        <translation>不超过 U+00FF 的字符</translation>
    </message>
    <message>
        <source>a state of 5 or more items</source>
        <translation>至少 5 项的状态</translation>
    </message>
    <message>
        <source>a byte order of &lt;, &gt;, | or =</source>
        <translation>&lt;、&gt;、| 或 = 的字节序</translation>
    </message>
    <message>
        <source>a state of 5 items</source>
        <translation>5 项的状态</translation>
    </message>
    <message>
        <source>{} elements of {} for shape {}</source>
        <translation>{} 个 {} 元素，对应形状 {}</translation>
    </message>
    <message>
        <source>a tuple of arguments</source>
        <translation>参数元组</translation>
    </message>
    <message>
        <source>a symbol</source>
        <translation>符号</translation>
    </message>
    <message>
        <source>a tensor's rebuild function</source>
        <translation>张量的重建函数</translation>
    </message>
    <message>
        <source>one sequence</source>
        <translation>一个序列</translation>
    </message>
    <message>
        <source>views that exceed their storages by at most {} bytes</source>
        <translation>视图超出其存储至多 {} 字节</translation>
    </message>
    <message>
        <source>{} bytes more</source>
        <translation>多出 {} 字节</translation>
    </message>
    <message>
        <source>raise the limit if the file is trusted</source>
        <translation>若信任此文件，请提高限制</translation>
    </message>
    <message>
        <source>text and 'latin1'</source>
        <translation>文本和 'latin1'</translation>
    </message>
    <message>
        <source>an object, dict or tensor to give it to</source>
        <translation>可接收它的对象、字典或张量</translation>
    </message>
    <message>
        <source>a tuple as persistent id</source>
        <translation>元组形式的持久 id</translation>
    </message>
    <message>
        <source>a persistent id of a storage</source>
        <translation>存储的持久 id</translation>
    </message>
    <message>
        <source>a text as key</source>
        <translation>文本形式的键</translation>
    </message>
    <message>
        <source>a number of elements of 0 or more</source>
        <translation>不小于 0 的元素个数</translation>
    </message>
    <message>
        <source>a view of {} elements</source>
        <translation>{} 个元素的视图</translation>
    </message>
    <message>
        <source>{} from {} on</source>
        <translation>从 {1} 起的 {0} 个</translation>
    </message>
    <message>
        <source>plain data</source>
        <translation>普通数据</translation>
    </message>
    <message>
        <source>a tensor</source>
        <translation>张量</translation>
    </message>
    <message>
        <source>leave it out</source>
        <translation>去掉它</translation>
    </message>
    <message>
        <source>texts below 4 GiB</source>
        <translation>小于 4 GiB 的文本</translation>
    </message>
    <message>
        <source>a dense tensor</source>
        <translation>稠密张量</translation>
    </message>
    <message>
        <source>convert it to a float tensor and save it again</source>
        <translation>转换为浮点张量后重新保存</translation>
    </message>
    <message>
        <source>names and attributes of at most {} bytes</source>
        <translation>名称和属性至多 {} 字节</translation>
    </message>
    <message>
        <source>save the state dict instead</source>
        <translation>改为保存状态字典</translation>
    </message>
    <message>
        <source>the picture is damaged</source>
        <translation>图像已损坏</translation>
    </message>
    <message>
        <source>a PNG that begins with IHDR</source>
        <translation>以 IHDR 开头的 PNG</translation>
    </message>
    <message>
        <source>another chunk</source>
        <translation>其他数据块</translation>
    </message>
    <message>
        <source>grey with alpha</source>
        <translation>带 alpha 的灰度</translation>
    </message>
    <message>
        <source>a PNG colour type of 0, 2, 3, 4 or 6</source>
        <translation>PNG 颜色类型 0、2、3、4 或 6</translation>
    </message>
    <message>
        <source>a JPEG marker</source>
        <translation>JPEG 标记</translation>
    </message>
    <message>
        <source>a JPEG frame header</source>
        <translation>JPEG 帧头</translation>
    </message>
    <message>
        <source>none before the data</source>
        <translation>数据之前没有</translation>
    </message>
    <message>
        <source>a WebP lossless signature</source>
        <translation>WebP 无损签名</translation>
    </message>
    <message>
        <source>another byte</source>
        <translation>其他字节</translation>
    </message>
    <message>
        <source>a WebP picture</source>
        <translation>WebP 图像</translation>
    </message>
    <message>
        <source>a classic TIFF</source>
        <translation>经典 TIFF</translation>
    </message>
    <message>
        <source>another version</source>
        <translation>其他版本</translation>
    </message>
    <message>
        <source>a PNM size of 32 bits</source>
        <translation>32 位的 PNM 大小</translation>
    </message>
    <message>
        <source>the marker that ends it</source>
        <translation>结尾标记</translation>
    </message>
    <message>
        <source>{} bytes without one</source>
        <translation>{} 字节中没有</translation>
    </message>
    <message>
        <source>a width and height of 1 or more</source>
        <translation>不小于 1 的宽和高</translation>
    </message>
    <message>
        <source>the file is damaged; download or export it again</source>
        <translation>文件已损坏；重新下载或导出</translation>
    </message>
    <message>
        <source>a boolean</source>
        <translation>布尔值</translation>
    </message>
    <message>
        <source>binary data</source>
        <translation>二进制数据</translation>
    </message>
    <message>
        <source>at most {} numbers</source>
        <translation>至多 {} 个数</translation>
    </message>
    <message>
        <source>a text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>a dtype of the safetensors format</source>
        <translation>safetensors 格式的 dtype</translation>
    </message>
    <message>
        <source>convert the tensor to F32</source>
        <translation>将张量转换为 F32</translation>
    </message>
    <message>
        <source>every name once</source>
        <translation>每个名称一次</translation>
    </message>
    <message>
        <source>the name twice</source>
        <translation>该名称两次</translation>
    </message>
    <message>
        <source>every field once</source>
        <translation>每个字段一次</translation>
    </message>
    <message>
        <source>dtype, shape and data_offsets only</source>
        <translation>仅 dtype、shape 和 data_offsets</translation>
    </message>
    <message>
        <source>an array</source>
        <translation>数组</translation>
    </message>
    <message>
        <source>header: byte {}</source>
        <translation>头部：字节 {}</translation>
    </message>
    <message>
        <source>a JSON object</source>
        <translation>JSON 对象</translation>
    </message>
    <message>
        <source>what the safetensors format has there</source>
        <translation>safetensors 格式在此处规定的内容</translation>
    </message>
    <message>
        <source>dtype, shape and two data_offsets</source>
        <translation>dtype、shape 和两个 data_offsets</translation>
    </message>
    <message>
        <source>a size that 64 bits hold</source>
        <translation>64 位可容纳的大小</translation>
    </message>
    <message>
        <source>an end behind its begin</source>
        <translation>终点位于起点之后</translation>
    </message>
    <message>
        <source>{} bits for {} [{}]</source>
        <translation>{} 位，对应 {} [{}]</translation>
    </message>
    <message>
        <source>{} bytes at [{}, {}]</source>
        <translation>[{1}, {2}] 处的 {0} 字节</translation>
    </message>
    <message>
        <source>a begin at byte {} of the buffer</source>
        <translation>起点位于缓冲区的字节 {}</translation>
    </message>
    <message>
        <source>{}, which leaves a hole or overlaps</source>
        <translation>{}，这会留下空洞或发生重叠</translation>
    </message>
    <message>
        <source>the file is cut short; download it again</source>
        <translation>文件被截断；重新下载</translation>
    </message>
    <message>
        <source>the file has bytes that belong to no tensor</source>
        <translation>文件含有不属于任何张量的字节</translation>
    </message>
    <message>
        <source>at most {} bytes</source>
        <translation>至多 {} 字节</translation>
    </message>
    <message>
        <source>this is no safetensors file, or a damaged one</source>
        <translation>这不是 safetensors 文件，或已损坏</translation>
    </message>
    <message>
        <source>a dtype that is read here</source>
        <translation>此处可读取的 dtype</translation>
    </message>
    <message>
        <source>rename it</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>texts only</source>
        <translation>仅文本</translation>
    </message>
    <message>
        <source>write a .pth file to keep other plain data</source>
        <translation>若要保留其他普通数据，请写成 .pth 文件</translation>
    </message>
    <message>
        <source>every name once, and none called __metadata__</source>
        <translation>每个名称一次，且没有名为 __metadata__ 的</translation>
    </message>
    <message>
        <source>this name</source>
        <translation>此名称</translation>
    </message>
    <message>
        <source>export the weights again</source>
        <translation>重新导出权重</translation>
    </message>
    <message>
        <source>magic number</source>
        <translation>魔数</translation>
    </message>
    <message>
        <source>plain values</source>
        <translation>普通值</translation>
    </message>
    <message>
        <source>a tensor's storage '{}'</source>
        <translation>张量的存储“{}”</translation>
    </message>
    <message>
        <source>protocol version</source>
        <translation>协议版本</translation>
    </message>
    <message>
        <source>load it with PyTorch and save it again</source>
        <translation>用 PyTorch 加载后重新保存</translation>
    </message>
    <message>
        <source>system info</source>
        <translation>系统信息</translation>
    </message>
    <message>
        <source>a dict with little_endian</source>
        <translation>含 little_endian 的字典</translation>
    </message>
    <message>
        <source>a size below 2^64 bytes</source>
        <translation>小于 2^64 字节的大小</translation>
    </message>
    <message>
        <source>one type and size</source>
        <translation>一种类型和大小</translation>
    </message>
    <message>
        <source>storage keys</source>
        <translation>存储的键</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>列表</translation>
    </message>
    <message>
        <source>keys of storages whose element type is known</source>
        <translation>元素类型已知的存储的键</translation>
    </message>
    <message>
        <source>{} elements</source>
        <translation>{} 个元素</translation>
    </message>
    <message>
        <source>at most {} bytes of big-endian data</source>
        <translation>至多 {} 字节的大端数据</translation>
    </message>
    <message>
        <source>every key once</source>
        <translation>每个键一次</translation>
    </message>
    <message>
        <source>its key in the list of storages</source>
        <translation>其键在存储列表中</translation>
    </message>
    <message>
        <source>{} bytes behind the last storage are not read</source>
        <translation>最后一个存储之后的 {} 字节不读取</translation>
    </message>
    <message>
        <source>a PyTorch checkpoint (torch.save)</source>
        <translation>PyTorch 检查点（torch.save）</translation>
    </message>
    <message>
        <source>a .pt2 archive of torch.export</source>
        <translation>torch.export 的 .pt2 归档</translation>
    </message>
    <message>
        <source>a TorchScript archive</source>
        <translation>TorchScript 归档</translation>
    </message>
    <message>
        <source>a PyTorch checkpoint with a member data.pkl</source>
        <translation>含成员 data.pkl 的 PyTorch 检查点</translation>
    </message>
    <message>
        <source>another zip file</source>
        <translation>其他 zip 文件</translation>
    </message>
    <message>
        <source>give a .pth, .pt or .safetensors file</source>
        <translation>请给出 .pth、.pt 或 .safetensors 文件</translation>
    </message>
    <message>
        <source>one member of this name</source>
        <translation>该名称的成员仅一个</translation>
    </message>
    <message>
        <source>little or big</source>
        <translation>little 或 big</translation>
    </message>
    <message>
        <source>a member with the storage's bytes</source>
        <translation>含该存储字节的成员</translation>
    </message>
    <message>
        <source>{} elements of {}</source>
        <translation>{} 个 {} 元素</translation>
    </message>
    <message>
        <source>an element type that PyTorch has</source>
        <translation>PyTorch 具有的元素类型</translation>
    </message>
    <message>
        <source>every key of a dict once</source>
        <translation>字典的每个键一次</translation>
    </message>
    <message>
        <source>the key twice</source>
        <translation>该键两次</translation>
    </message>
    <message>
        <source>a reference to an enclosing value</source>
        <translation>对外层值的引用</translation>
    </message>
    <message>
        <source>at most {} levels of nesting</source>
        <translation>至多 {} 层嵌套</translation>
    </message>
    <message>
        <source>save a plain state dict</source>
        <translation>保存普通的状态字典</translation>
    </message>
    <message>
        <source>plain data within the limit for decoded bytes</source>
        <translation>未超出解码字节限制的普通数据</translation>
    </message>
    <message>
        <source>more than that</source>
        <translation>超出限制</translation>
    </message>
    <message>
        <source>save a plain state dict, or raise the limit if the file is trusted</source>
        <translation>保存普通的状态字典；若信任此文件，可提高限制</translation>
    </message>
    <message>
        <source> and {} more</source>
        <translation> 等，另有 {} 个</translation>
    </message>
    <message>
        <source>a key of type {}</source>
        <translation>类型为 {} 的键</translation>
    </message>
    <message>
        <source>{}not tensors, skipped: {}</source>
        <translation>{}不是张量，已跳过：{}</translation>
    </message>
    <message>
        <source>{} a pickled module: its tensors and attributes are read, its classes are not needed</source>
        <translation>{}以 pickle 保存的模块：读取其张量和属性，不需要其类</translation>
    </message>
    <message>
        <source>the file is</source>
        <translation>文件是</translation>
    </message>
    <message>
        <source>{} sets of weights: {}; used unless another is named: {}</source>
        <translation>{} 个权重组：{}；未另行指定时使用：{}</translation>
    </message>
    <message>
        <source>'{}' is too large to keep</source>
        <translation>“{}”过大，无法保留</translation>
    </message>
    <message>
        <source>left out, because they hold tensors: {}</source>
        <translation>因含有张量而略去：{}</translation>
    </message>
    <message>
        <source>left out, because they hold symbols that are not interpreted: {}</source>
        <translation>因含有不解释的符号而略去：{}</translation>
    </message>
    <message>
        <source>{}, which is not interpreted</source>
        <translation>{}，不予解释</translation>
    </message>
    <message>
        <source>convert it to a float tensor and save the state dict again</source>
        <translation>转换为浮点张量后重新保存状态字典</translation>
    </message>
    <message>
        <source>a dict without names</source>
        <translation>没有名称的字典</translation>
    </message>
    <message>
        <source>a dict with {}</source>
        <translation>含 {} 的字典</translation>
    </message>
    <message>
        <source>a dict of names and tensors, bare or under a key such as state_dict</source>
        <translation>由名称和张量组成的字典，可直接给出，也可位于 state_dict 之类的键下</translation>
    </message>
    <message>
        <source>symbol {} is not interpreted</source>
        <translation>符号 {} 不予解释</translation>
    </message>
    <message>
        <source>'{}' is not carried over: {}</source>
        <translation>“{}”未保留：{}</translation>
    </message>
    <message>
        <source>safetensors holds text only beside its tensors</source>
        <translation>safetensors 除张量外只能保存文本</translation>
    </message>
    <message>
        <source>a {} file holds the weights alone</source>
        <translation>{} 文件只保存权重</translation>
    </message>
    <message>
        <source>the tensor that was written, when the file is read back</source>
        <translation>重新读取文件时得到写入的张量</translation>
    </message>
    <message>
        <source>check the disk and its free space; an older file was left as it was</source>
        <translation>检查磁盘及其剩余空间；旧文件保持原样</translation>
    </message>
    <message>
        <source>{} of {}</source>
        <translation>{}/{}</translation>
    </message>
    <message>
        <source>a format that is written</source>
        <translation>可写出的格式</translation>
    </message>
    <message>
        <source>the zip file is damaged or was tampered with; download or export it again</source>
        <translation>zip 文件已损坏或被篡改；重新下载或导出</translation>
    </message>
    <message>
        <source>a central directory at the end</source>
        <translation>位于结尾的中央目录</translation>
    </message>
    <message>
        <source>the file is cut short; download or export it again</source>
        <translation>文件被截断；重新下载或导出</translation>
    </message>
    <message>
        <source>relative member names without '..'</source>
        <translation>不含“..”的相对成员名</translation>
    </message>
    <message>
        <source>a member without encryption</source>
        <translation>未加密的成员</translation>
    </message>
    <message>
        <source>an encrypted one</source>
        <translation>已加密的</translation>
    </message>
    <message>
        <source>export it without a password</source>
        <translation>导出时不设密码</translation>
    </message>
    <message>
        <source>a stored or deflated member</source>
        <translation>以 store 或 deflate 存放的成员</translation>
    </message>
    <message>
        <source>compression method {}</source>
        <translation>压缩方法 {}</translation>
    </message>
    <message>
        <source>pack it again with store or deflate</source>
        <translation>用 store 或 deflate 重新打包</translation>
    </message>
    <message>
        <source>one size for a stored member</source>
        <translation>store 成员的两个大小一致</translation>
    </message>
    <message>
        <source>{} and {} bytes</source>
        <translation>{} 和 {} 字节</translation>
    </message>
    <message>
        <source>a readable central directory</source>
        <translation>可读的中央目录</translation>
    </message>
    <message>
        <source>a damaged entry</source>
        <translation>已损坏的条目</translation>
    </message>
    <message>
        <source>a central directory</source>
        <translation>中央目录</translation>
    </message>
    <message>
        <source>a local header that agrees with the directory</source>
        <translation>与目录一致的本地文件头</translation>
    </message>
    <message>
        <source>{} readable directory entries</source>
        <translation>{} 个可读的目录条目</translation>
    </message>
    <message>
        <source>every member name once</source>
        <translation>每个成员名一次</translation>
    </message>
    <message>
        <source>{} bytes before the directory at byte {}</source>
        <translation>位于字节 {1} 的目录之前有 {0} 字节</translation>
    </message>
    <message>
        <source>a payload that begins at byte {}</source>
        <translation>从字节 {} 开始的数据</translation>
    </message>
    <message>
        <source>members that do not overlap</source>
        <translation>互不重叠的成员</translation>
    </message>
    <message>
        <source>one that begins inside '{}'</source>
        <translation>起点位于“{}”之内的成员</translation>
    </message>
    <message>
        <source>content that agrees with its CRC</source>
        <translation>与其 CRC 相符的内容</translation>
    </message>
    <message>
        <source>other content</source>
        <translation>其他内容</translation>
    </message>
    <message>
        <source>at most {} more decoded bytes</source>
        <translation>至多再解码 {} 字节</translation>
    </message>
    <message>
        <source>at most {} bytes from {} packed ones</source>
        <translation>{1} 个压缩字节至多解出 {0} 字节</translation>
    </message>
    <message>
        <source>a deflate stream of {} bytes</source>
        <translation>{} 字节的 deflate 流</translation>
    </message>
    <message>
        <source>a damaged, shorter or longer one</source>
        <translation>已损坏、更短或更长的</translation>
    </message>
    <message>
        <source>less than 4 GiB and 65535 tensors in a zip file</source>
        <translation>zip 文件小于 4 GiB 且少于 65535 个张量</translation>
    </message>
    <message>
        <source>{} input channels</source>
        <translation>{} 个输入通道</translation>
    </message>
    <message>
        <source>an input of at least the {}x{} window</source>
        <translation>不小于 {}x{} 窗口的输入</translation>
    </message>
    <message>
        <source>branches of one shape, {} like {}</source>
        <translation>形状相同的分支，{}，同 {}</translation>
    </message>
    <message>
        <source>{} from {}</source>
        <translation>{}（来自 {}）</translation>
    </message>
    <message>
        <source>a feature map [n, c, h, w]</source>
        <translation>特征图 [n, c, h, w]</translation>
    </message>
    <message>
        <source>LeakyReLU {}</source>
        <translation>LeakyReLU {}</translation>
    </message>
    <message>
        <source>SE {}-{}-{}</source>
        <translation>SE {}-{}-{}</translation>
    </message>
    <message>
        <source>global average pool</source>
        <translation>全局平均池化</translation>
    </message>
    <message>
        <source>clip {} to {}</source>
        <translation>截取 {} 到 {}</translation>
    </message>
    <message>
        <source>constant {}</source>
        <translation>常量 {}</translation>
    </message>
    <message>
        <source>concat along axis {}</source>
        <translation>沿轴 {} 拼接</translation>
    </message>
    <message>
        <source>pixel shuffle {}</source>
        <translation>pixel shuffle {}</translation>
    </message>
    <message>
        <source>pixel unshuffle {}</source>
        <translation>pixel unshuffle {}</translation>
    </message>
    <message>
        <source>layer norm</source>
        <translation>层归一化</translation>
    </message>
    <message>
        <source>max pool {}x{}</source>
        <translation>最大池化 {}x{}</translation>
    </message>
    <message>
        <source>{} over axes</source>
        <translation>沿轴 {}</translation>
    </message>
    <message>
        <source>matrix product</source>
        <translation>矩阵乘</translation>
    </message>
    <message>
        <source>reshape {}</source>
        <translation>变形为 {}</translation>
    </message>
    <message>
        <source>{} pad</source>
        <translation>{} 填充</translation>
    </message>
    <message>
        <source>{} resize</source>
        <translation>{} 缩放</translation>
    </message>
    <message>
        <source>one value per axis of {}</source>
        <translation>{} 的每个轴一个值</translation>
    </message>
    <message>
        <source>one value per channel of </source>
        <translation>每通道一个值，对应 </translation>
    </message>
    <message>
        <source>two shapes that can be broadcast</source>
        <translation>可广播的两个形状</translation>
    </message>
    <message>
        <source> but for axis </source>
        <translation> 不计轴 </translation>
    </message>
    <message>
        <source>channels that {}² divides</source>
        <translation>可被 {}² 整除的通道数</translation>
    </message>
    <message>
        <source>height and width that {} divides</source>
        <translation>可被 {} 整除的高和宽</translation>
    </message>
    <message>
        <source>gamma and beta that fit </source>
        <translation>gamma 和 beta 应适合 </translation>
    </message>
    <message>
        <source>two matrices that can be multiplied</source>
        <translation>可相乘的两个矩阵</translation>
    </message>
    <message>
        <source>{} elements as {}</source>
        <translation>{} 个元素，排成 {}</translation>
    </message>
    <message>
        <source>an order that names each axis once</source>
        <translation>每个轴各出现一次的顺序</translation>
    </message>
    <message>
        <source>start, end and step for each axis</source>
        <translation>每个轴的起点、终点和步长</translation>
    </message>
    <message>
        <source>{} axes</source>
        <translation>{} 个轴</translation>
    </message>
    <message>
        <source>a step other than 0</source>
        <translation>非 0 的步长</translation>
    </message>
    <message>
        <source>a reflected border narrower than the map</source>
        <translation>比特征图窄的反射边界</translation>
    </message>
    <message>
        <source>scales that leave a map</source>
        <translation>缩放后仍留有特征图的比例</translation>
    </message>
    <message>
        <source>{} inputs</source>
        <translation>{} 个输入</translation>
    </message>
    <message>
        <source>an axis from {} to {}</source>
        <translation>{} 到 {} 之间的轴</translation>
    </message>
    <message>
        <source>finite values</source>
        <translation>有限值</translation>
    </message>
    <message>
        <source>{} at {}</source>
        <translation>{1} 处为 {0}</translation>
    </message>
    <message>
        <source>numbers that {} can hold</source>
        <translation>{} 可表示的数</translation>
    </message>
    <message>
        <source>{} at element {}</source>
        <translation>元素 {1} 处为 {0}</translation>
    </message>
    <message>
        <source>choose bfloat16 or float32</source>
        <translation>选择 bfloat16 或 float32</translation>
    </message>
    <message>
        <source>a floating type</source>
        <translation>浮点类型</translation>
    </message>
    <message>
        <source>sizes of 0 or more</source>
        <translation>不小于 0 的大小</translation>
    </message>
    <message>
        <source>a number of elements below 2^63</source>
        <translation>小于 2^63 的元素个数</translation>
    </message>
    <message>
        <source>{} strides for shape {}</source>
        <translation>形状 {1} 的 {0} 个步幅</translation>
    </message>
    <message>
        <source>an offset and strides of 0 or more</source>
        <translation>不小于 0 的偏移和步幅</translation>
    </message>
    <message>
        <source>offset {}, strides {}</source>
        <translation>偏移 {}，步幅 {}</translation>
    </message>
    <message>
        <source>a storage for shape {}, strides {}, offset {} of {}</source>
        <translation>适合形状 {0}、步幅 {1}、偏移 {2} 的 {3} 存储</translation>
    </message>
    <message>
        <source>{} elements ({} bytes)</source>
        <translation>{} 个元素（{} 字节）</translation>
    </message>
    <message>
        <source>the file is damaged or cut short</source>
        <translation>文件已损坏或被截断</translation>
    </message>
    <message>
        <source>at most {} bytes for an expanded view</source>
        <translation>展开后的视图至多 {} 字节</translation>
    </message>
    <message>
        <source>a type as wide as {}</source>
        <translation>与 {} 等宽的类型</translation>
    </message>
    <message>
        <source>the weight set '{}'</source>
        <translation>权重组“{}”</translation>
    </message>
    <message>
        <source>{}; likewise in {} blocks in all: {}</source>
        <translation>{}；共有 {} 个块如此：{}</translation>
    </message>
    <message>
        <source>comparing {}</source>
        <translation>正在比较 {}</translation>
    </message>
    <message>
        <source>the other file has no such block</source>
        <translation>另一文件没有此块</translation>
    </message>
    <message>
        <source>it may be used in training only</source>
        <translation>它可能只用于训练</translation>
    </message>
    <message>
        <source>{} block{} of the other file still {} branches: nothing was fused there</source>
        <translation>另一文件仍有 {0} 个块带有分支：那里未做任何融合</translation>
    </message>
    <message>
        <source>call the model's fusing function (switch_to_deploy, reparameterize, convert_to_deploy …) before saving</source>
        <translation>保存前调用模型的融合函数（switch_to_deploy、reparameterize、convert_to_deploy …）</translation>
    </message>
    <message>
        <source>the two networks could not be run on one input: {}</source>
        <translation>两个网络无法用同一输入运行：{}</translation>
    </message>
    <message>
        <source>they take other inputs</source>
        <translation>它们的输入不同</translation>
    </message>
    <message>
        <source>the output of the other file is {}, expected {}</source>
        <translation>另一文件的输出为 {}，应为 {}</translation>
    </message>
    <message>
        <source>the outputs of both deploy forms are equal</source>
        <translation>两个部署形式的输出相等</translation>
    </message>
    <message>
        <source>the outputs of both deploy forms agree to {} dB, max |Δ| {} of {}</source>
        <translation>两个部署形式的输出一致到 {} dB，最大 |Δ| 为 {}（参考最大值 {}）</translation>
    </message>
    <message>
        <source>whose kernel agrees: what reaches it differs</source>
        <translation>其卷积核一致：到达它的数据不同</translation>
    </message>
    <message>
        <source>whose convolution differs</source>
        <translation>其卷积不同</translation>
    </message>
    <message>
        <source>whose kernel agrees: what stands between {} and it differs (activation, SE, another operation)</source>
        <translation>其卷积核一致：{} 与它之间的部分不同（激活、SE 或其他运算）</translation>
    </message>
    <message>
        <source>the outputs of the two files first depart at {} ({}), {}</source>
        <translation>两个文件的输出首先在 {}（{}）处分开，{}</translation>
    </message>
    <message>
        <source>in the other file {}{} (explains its output to {} dB)</source>
        <translation>在另一文件中，{}{}（对其输出的解释达 {} dB）</translation>
    </message>
    <message>
        <source>, most likely</source>
        <translation>，可能性最大</translation>
    </message>
    <message>
        <source>{} blocks</source>
        <translation>{} 个块</translation>
    </message>
    <message>
        <source>{} blocks ({}), none of which fits</source>
        <translation>{} 个块（{}），均不匹配</translation>
    </message>
    <message>
        <source>both files must hold the same network</source>
        <translation>两个文件必须含有同一网络</translation>
    </message>
    <message>
        <source>running a hybrid network</source>
        <translation>正在运行混合网络</translation>
    </message>
    <message>
        <source>its branches were asked for</source>
        <translation>指定使用其分支</translation>
    </message>
    <message>
        <source>the cached</source>
        <translation>缓存的</translation>
    </message>
    <message>
        <source>the fused kernel kept in the file differs from its branches: {}</source>
        <translation>文件中保存的融合核与其分支不符：{}</translation>
    </message>
    <message>
        <source>the kernel folded from the branches is used; fuse the file again</source>
        <translation>已改用由分支折叠得到的卷积核；请重新融合该文件</translation>
    </message>
    <message>
        <source>{} in output channel {}</source>
        <translation>输出通道 {1} 中为 {0}</translation>
    </message>
    <message>
        <source>a number of the kernel is too large for {}</source>
        <translation>卷积核中有数值超出 {} 的范围</translation>
    </message>
    <message>
        <source>its windows are too large or too far apart: a map of {} would be needed</source>
        <translation>其窗口过大或相距过远：需要 {} 的特征图</translation>
    </message>
    <message>
        <source>the block does not take a map of the window's size: {}</source>
        <translation>该块不接受窗口大小的特征图：{}</translation>
    </message>
    <message>
        <source>the branches read backwards do not give what the forward pass computes: {}</source>
        <translation>反向读取分支所得与前向计算的结果不符：{}</translation>
    </message>
    <message>
        <source>a kernel that fits the format</source>
        <translation>适合该格式的卷积核</translation>
    </message>
    <message>
        <source>inputs of at most {} numbers</source>
        <translation>至多 {} 个数的输入</translation>
    </message>
    <message>
        <source>looking for the first difference</source>
        <translation>正在查找首个差异</translation>
    </message>
    <message>
        <source>shape {} instead of {}</source>
        <translation>形状为 {} 而非 {}</translation>
    </message>
    <message>
        <source>relative L2 {}</source>
        <translation>相对 L2 {}</translation>
    </message>
    <message>
        <source>{} is not part of the kernel</source>
        <translation>卷积核漏掉分支 {}</translation>
    </message>
    <message>
        <source>add the kernels of all branches</source>
        <translation>将所有分支的卷积核相加</translation>
    </message>
    <message>
        <source>the kernel is that of {} alone</source>
        <translation>卷积核仅是 {} 的</translation>
    </message>
    <message>
        <source>the kernel is the bare convolution of {}: nothing was fused</source>
        <translation>卷积核只是 {} 的原始卷积：未做任何融合</translation>
    </message>
    <message>
        <source>call the model's fusing function before saving</source>
        <translation>保存前调用模型的融合函数</translation>
    </message>
    <message>
        <source>the bias of {} is left out</source>
        <translation>漏掉了 {} 的偏置</translation>
    </message>
    <message>
        <source>the fused bias is the sum of the branches' biases</source>
        <translation>融合后的偏置是各分支偏置之和</translation>
    </message>
    <message>
        <source>what stands before {} adds nothing to the bias</source>
        <translation>{} 之前的部分未计入偏置</translation>
    </message>
    <message>
        <source>b = b2 + sum of K2 times b1: the bias of the first convolution passes through the second</source>
        <translation>b = b2 + Σ K2 · b1：第一个卷积的偏置要经过第二个卷积</translation>
    </message>
    <message>
        <source>the bias of a convolution is scaled by its norm and added: beta + (b - mean) * gamma / sqrt(var + eps)</source>
        <translation>卷积的偏置经其归一化缩放后相加：beta + (b - mean) * gamma / sqrt(var + eps)</translation>
    </message>
    <message>
        <source>the biases of all convolutions are left out</source>
        <translation>漏掉了所有卷积的偏置</translation>
    </message>
    <message>
        <source>{} is counted twice</source>
        <translation>{} 被计入两次</translation>
    </message>
    <message>
        <source>fuse once, from the training weights</source>
        <translation>从训练权重出发只融合一次</translation>
    </message>
    <message>
        <source>{} ({}x{}) stands {} rows and {} columns from where it belongs in the {}x{} kernel</source>
        <translation>{0}（{1}x{2}）在 {5}x{6} 卷积核中偏离正确位置 {3} 行 {4} 列</translation>
    </message>
    <message>
        <source>a kernel of extent k in one of extent K starts at row and column (K - k) / 2 when its padding is k / 2</source>
        <translation>填充为 k / 2 时，大小为 k 的卷积核在大小为 K 的卷积核中从第 (K - k) / 2 行、列开始</translation>
    </message>
    <message>
        <source>the identity kernel of {} ignores the {} groups: only the first {} channels are right</source>
        <translation>{} 的恒等卷积核忽略了 {} 个组：只有前 {} 个通道正确</translation>
    </message>
    <message>
        <source>the identity kernel is 1 at [o, o mod (channels / groups)]</source>
        <translation>恒等卷积核在 [o, o mod (channels / groups)] 处为 1</translation>
    </message>
    <message>
        <source>{} is applied to {} only, not to the sum</source>
        <translation>{} 只作用于 {}，而非作用于和</translation>
    </message>
    <message>
        <source>what stands behind the sum applies to all of its branches</source>
        <translation>位于和之后的部分作用于其所有分支</translation>
    </message>
    <message>
        <source>the branches that convolve</source>
        <translation>做卷积的分支</translation>
    </message>
    <message>
        <source>{} is left out</source>
        <translation>漏掉了 {}</translation>
    </message>
    <message>
        <source>fold every scale of the block, in the order of the forward pass</source>
        <translation>按前向顺序折入该块的每个缩放</translation>
    </message>
    <message>
        <source>turned by 180 degrees</source>
        <translation>旋转了 180 度</translation>
    </message>
    <message>
        <source>with height and width exchanged</source>
        <translation>高和宽互换了</translation>
    </message>
    <message>
        <source>mirrored left to right</source>
        <translation>左右镜像了</translation>
    </message>
    <message>
        <source>mirrored top to bottom</source>
        <translation>上下镜像了</translation>
    </message>
    <message>
        <source>turned by 90 degrees to the left</source>
        <translation>向左旋转了 90 度</translation>
    </message>
    <message>
        <source>turned by 90 degrees to the right</source>
        <translation>向右旋转了 90 度</translation>
    </message>
    <message>
        <source>mirrored at its other diagonal</source>
        <translation>沿副对角线镜像了</translation>
    </message>
    <message>
        <source>{} kernel is {} in {} group(s), expected {} in {}</source>
        <translation>{}卷积核为 {}、{} 组，应为 {}、{} 组</translation>
    </message>
    <message>
        <source>check that both are the same network</source>
        <translation>检查两者是否为同一网络</translation>
    </message>
    <message>
        <source>{} convolution has stride {}, the branches have {}</source>
        <translation>{}卷积的步幅为 {}，而分支的步幅为 {}</translation>
    </message>
    <message>
        <source>give the fused convolution the stride of its branches</source>
        <translation>使融合后的卷积采用其分支的步幅</translation>
    </message>
    <message>
        <source>{} convolution is dense, the branches have dilation {}</source>
        <translation>{}卷积是稠密的，而分支的膨胀为 {}</translation>
    </message>
    <message>
        <source>give the fused convolution the dilation of its branches</source>
        <translation>使融合后的卷积采用其分支的膨胀</translation>
    </message>
    <message>
        <source>{} convolution pads by {}, the branches by {}: {}</source>
        <translation>{}卷积的填充为 {}，分支的填充为 {}：{}</translation>
    </message>
    <message>
        <source>its output is smaller, or its border holds something else than zero</source>
        <translation>其输出较小，或其边界不为零</translation>
    </message>
    <message>
        <source>its output is shifted or of another size</source>
        <translation>其输出有偏移，或大小不同</translation>
    </message>
    <message>
        <source>give the fused convolution the padding of its branches</source>
        <translation>使融合后的卷积采用其分支的填充</translation>
    </message>
    <message>
        <source>{} kernel is {}, expected {}</source>
        <translation>{}卷积核为 {}，应为 {}</translation>
    </message>
    <message>
        <source>the branches that are larger than 1x1 are missing</source>
        <translation>缺少大于 1x1 的分支</translation>
    </message>
    <message>
        <source>check the padding of each branch's kernel: rows and columns may be exchanged</source>
        <translation>检查各分支卷积核的填充：行与列可能互换了</translation>
    </message>
    <message>
        <source>{} kernel agrees to {} dB: {} (explains it to {} dB)</source>
        <translation>{}卷积核一致到 {} dB：{}（解释达 {} dB）</translation>
    </message>
    <message>
        <source>{} kernel agrees to {} dB: most likely {} ({} dB), but that does not explain all of it</source>
        <translation>{}卷积核一致到 {} dB：最可能是{}（{} dB），但这不能完全解释</translation>
    </message>
    <message>
        <source>{} kernel agrees to {} dB; what is left is too small to tell a fault from the rounding of {}</source>
        <translation>{}卷积核一致到 {} dB；余下的差异太小，无法与 {} 的舍入区分</translation>
    </message>
    <message>
        <source>{} kernel has nothing in common with these branches (cosine {})</source>
        <translation>{}卷积核与这些分支毫无共同之处（余弦 {}）</translation>
    </message>
    <message>
        <source>the files hold different weights, or blocks were mixed up</source>
        <translation>两个文件的权重不同，或混淆了块</translation>
    </message>
    <message>
        <source>{} kernel agrees to {} dB and no single fault explains the rest: it looks like other weights of the same training, such as a moving average or another epoch</source>
        <translation>{}卷积核一致到 {} dB，余下的差异无法用单一错误解释：看起来是同一训练的其他权重，例如滑动平均或另一 epoch</translation>
    </message>
    <message>
        <source>fuse the weight set that was exported (--weights names it)</source>
        <translation>融合当初导出的权重组（用 --weights 指定）</translation>
    </message>
    <message>
        <source>{} kernel agrees to {} dB only (cosine {}), and no known fault explains it</source>
        <translation>{}卷积核只一致到 {} dB（余弦 {}），没有已知错误可以解释</translation>
    </message>
    <message>
        <source>fuse the train file again</source>
        <translation>重新融合训练文件</translation>
    </message>
    <message>
        <source>{} block cannot be folded into one kernel, so it is compared by running it</source>
        <translation>{}块无法折叠为单个卷积核，因此通过运行来比较</translation>
    </message>
    <message>
        <source>{} kernel does not fit: {}</source>
        <translation>{}卷积核不相符：{}</translation>
    </message>
    <message>
        <source>negative or missing variances give such kernels: check the statistics before fusing</source>
        <translation>方差为负或缺失会产生这样的卷积核：融合前检查统计量</translation>
    </message>
    <message>
        <source>the other file's</source>
        <translation>另一文件的</translation>
    </message>
    <message>
        <source>{} is folded with eps {}, here it is {}</source>
        <translation>{} 折叠时用的 eps 为 {}，此处为 {}</translation>
    </message>
    <message>
        <source>the kernel is folded from {}</source>
        <translation>卷积核由 {} 折叠而来</translation>
    </message>
    <message>
        <source>compare with the weight set that was exported (--weights)</source>
        <translation>与当初导出的权重组比较（--weights）</translation>
    </message>
    <message>
        <source>the fused convolution has no bias</source>
        <translation>融合后的卷积没有偏置</translation>
    </message>
    <message>
        <source>{} rounded to {}</source>
        <translation>{}舍入到 {}</translation>
    </message>
    <message>
        <source>kernel and bias are</source>
        <translation>卷积核与偏置被</translation>
    </message>
    <message>
        <source>the kernel is</source>
        <translation>卷积核被</translation>
    </message>
    <message>
        <source>nothing is wrong if this precision was intended; the fused kernel itself is right</source>
        <translation>若有意采用此精度，则没有问题；融合核本身正确</translation>
    </message>
    <message>
        <source>kernels are [out, in, height, width] and are correlated, not convolved: exchange or turn nothing</source>
        <translation>卷积核的布局是 [out, in, height, width]，做的是互相关而非卷积：不要互换或旋转</translation>
    </message>
    <message>
        <source>the fused kernel is {}</source>
        <translation>融合核{}</translation>
    </message>
    <message>
        <source>the kernel of {} is {}</source>
        <translation>{} 的卷积核{}</translation>
    </message>
    <message>
        <source>input and output channels of {} are exchanged</source>
        <translation>{} 的输入与输出通道互换了</translation>
    </message>
    <message>
        <source>input and output channels of the fused kernel are exchanged</source>
        <translation>融合核的输入与输出通道互换了</translation>
    </message>
    <message>
        <source>is folded without its running mean</source>
        <translation>折叠时漏掉了运行均值</translation>
    </message>
    <message>
        <source>the bias of a folded norm is beta - mean * gamma / sqrt(var + eps)</source>
        <translation>折叠后归一化的偏置为 beta - mean * gamma / sqrt(var + eps)</translation>
    </message>
    <message>
        <source>is folded with gamma / var instead of gamma / sqrt(var)</source>
        <translation>折叠时用了 gamma / var，而不是 gamma / sqrt(var)</translation>
    </message>
    <message>
        <source>divide gamma by sqrt(var + eps)</source>
        <translation>将 gamma 除以 sqrt(var + eps)</translation>
    </message>
    <message>
        <source>is left out</source>
        <translation>被漏掉</translation>
    </message>
    <message>
        <source>fold every norm of the block, in the order of the forward pass</source>
        <translation>按前向顺序折入该块的每个归一化层</translation>
    </message>
    <message>
        <source>is folded with mean 0 and variance 1</source>
        <translation>折叠时用了均值 0 和方差 1</translation>
    </message>
    <message>
        <source>copy buffers too: load the whole state dict, not the parameters alone</source>
        <translation>缓冲区也要复制：加载整个状态字典，而不只是参数</translation>
    </message>
    <message>
        <source>is folded without beta</source>
        <translation>折叠时漏掉了 beta</translation>
    </message>
    <message>
        <source>is folded without gamma</source>
        <translation>折叠时漏掉了 gamma</translation>
    </message>
    <message>
        <source>the scale of a folded norm is gamma / sqrt(var + eps)</source>
        <translation>折叠后归一化的缩放为 gamma / sqrt(var + eps)</translation>
    </message>
    <message>
        <source>is folded with the mean added instead of taken away</source>
        <translation>折叠时加上而不是减去了均值</translation>
    </message>
    <message>
        <source>is folded with gamma / (sqrt(var) + eps)</source>
        <translation>折叠时用了 gamma / (sqrt(var) + eps)</translation>
    </message>
    <message>
        <source>eps stands below the root: gamma / sqrt(var + eps)</source>
        <translation>eps 在根号内：gamma / sqrt(var + eps)</translation>
    </message>
    <message>
        <source>is folded with its bare mean in the bias</source>
        <translation>折叠时偏置中的均值未经缩放</translation>
    </message>
    <message>
        <source>the mean is multiplied by gamma / sqrt(var + eps)</source>
        <translation>均值要乘以 gamma / sqrt(var + eps)</translation>
    </message>
    <message>
        <source>is folded without mean and beta</source>
        <translation>折叠时漏掉了均值和 beta</translation>
    </message>
    <message>
        <source>every norm</source>
        <translation>每个归一化层</translation>
    </message>
    <message>
        <source>set the eps that the training code uses before fusing; if it is another one than here, state it with --assume eps=…</source>
        <translation>融合前设为训练代码所用的 eps；若与此处不同，用 --assume eps=… 指明</translation>
    </message>
    <message>
        <source>explaining the output</source>
        <translation>正在解释输出</translation>
    </message>
    <message>
        <source>the array must be the network's output for the same input</source>
        <translation>该数组必须是网络对同一输入的输出</translation>
    </message>
    <message>
        <source>the squeeze-and-excitation layers are skipped</source>
        <translation>跳过了 SE 层</translation>
    </message>
    <message>
        <source>apply SE behind the fused convolution too, as the training forward does</source>
        <translation>在融合后的卷积之后也要施加 SE，与训练时的前向一致</translation>
    </message>
    <message>
        <source>squeeze-and-excitation stands on the other side of the activation</source>
        <translation>SE 位于激活的另一侧</translation>
    </message>
    <message>
        <source>keep the order of the training forward (--assume se=before or after)</source>
        <translation>保持训练时前向的顺序（--assume se=before 或 after）</translation>
    </message>
    <message>
        <source>the blocks' activation is left out</source>
        <translation>漏掉了块的激活</translation>
    </message>
    <message>
        <source>the blocks' activation is {}</source>
        <translation>块的激活是 {}</translation>
    </message>
    <message>
        <source>if the training code uses it, state it: --assume activation={}</source>
        <translation>若训练代码使用它，请指明：--assume activation={}</translation>
    </message>
    <message>
        <source>height and width of the input are exchanged</source>
        <translation>输入的高和宽互换了</translation>
    </message>
    <message>
        <source>the input's channels are BGR</source>
        <translation>输入的通道是 BGR</translation>
    </message>
    <message>
        <source>feed RGB</source>
        <translation>请输入 RGB</translation>
    </message>
    <message>
        <source>the input is not normalised: it is in [0, 1]</source>
        <translation>输入未归一化：其值在 [0, 1] 内</translation>
    </message>
    <message>
        <source>subtract the mean and divide by the deviation that the network was trained with</source>
        <translation>减去网络训练所用的均值，再除以训练所用的标准差</translation>
    </message>
    <message>
        <source>the input is normalised twice</source>
        <translation>输入被归一化两次</translation>
    </message>
    <message>
        <source>normalise once</source>
        <translation>只归一化一次</translation>
    </message>
    <message>
        <source>the input is scaled to [-1, 1]</source>
        <translation>输入被缩放到 [-1, 1]</translation>
    </message>
    <message>
        <source>use the mean and deviation that the network was trained with</source>
        <translation>使用网络训练所用的均值和标准差</translation>
    </message>
    <message>
        <source>the input is normalised as for ImageNet</source>
        <translation>输入按 ImageNet 做了归一化</translation>
    </message>
    <message>
        <source>feed the picture in [0, 1]</source>
        <translation>请输入值在 [0, 1] 内的图像</translation>
    </message>
    <message>
        <source>the input is in [0, 255]</source>
        <translation>输入的值在 [0, 255] 内</translation>
    </message>
    <message>
        <source>divide by 255, then normalise as the network was trained</source>
        <translation>除以 255，再按网络训练时的方式归一化</translation>
    </message>
    <message>
        <source>a softmax is applied to the output</source>
        <translation>输出经过了 softmax</translation>
    </message>
    <message>
        <source>compare logits</source>
        <translation>请比较 logits</translation>
    </message>
    <message>
        <source>a log-softmax is applied to the output</source>
        <translation>输出经过了 log-softmax</translation>
    </message>
    <message>
        <source>a sigmoid is applied to the output</source>
        <translation>输出经过了 sigmoid</translation>
    </message>
    <message>
        <source>the output is multiplied by 255</source>
        <translation>输出被乘以 255</translation>
    </message>
    <message>
        <source>compare what the network returns</source>
        <translation>请比较网络直接返回的结果</translation>
    </message>
    <message>
        <source>the output is clamped to [0, 1]</source>
        <translation>输出被截取到 [0, 1]</translation>
    </message>
    <message>
        <source>in all {} blocks that have it, </source>
        <translation>在含有它的全部 {} 个块中， </translation>
    </message>
    <message>
        <source>every norm runs with eps {}</source>
        <translation>每个归一化层都以 eps {} 运行</translation>
    </message>
    <message>
        <source>if the training code uses it, state it: --assume eps={}</source>
        <translation>若训练代码使用它，请指明：--assume eps={}</translation>
    </message>
    <message>
        <source>the network ran in train mode, with the statistics of the batch</source>
        <translation>网络以 train 模式运行，使用了批统计量</translation>
    </message>
    <message>
        <source>call model.eval() before running or exporting</source>
        <translation>运行或导出前调用 model.eval()</translation>
    </message>
    <message>
        <source>a 1x1 followed by a larger window is padded with zeros instead of the 1x1's bias</source>
        <translation>1x1 后接更大窗口时，用零而不是 1x1 的偏置做了填充</translation>
    </message>
    <message>
        <source>pad with what the 1x1 makes of zero, then convolve without padding</source>
        <translation>用 1x1 由零得到的值填充，然后做无填充的卷积</translation>
    </message>
    <message>
        <source>the weights are those of '{}'</source>
        <translation>权重是“{}”的</translation>
    </message>
    <message>
        <source>choose the weight set with --weights</source>
        <translation>用 --weights 选择权重组</translation>
    </message>
    <message>
        <source>only the outermost pixels differ: look at the padding and its mode</source>
        <translation>只有最外圈像素不同：查看填充及其模式</translation>
    </message>
    <message>
        <source>the outermost pixels differ {} times as much as the rest: look at the padding and its mode</source>
        <translation>最外圈像素的差异是其余部分的 {} 倍：查看填充及其模式</translation>
    </message>
    <message>
        <source>{} % of the difference is one number per channel: look at biases and means</source>
        <translation>差异的 {} % 是每通道一个常数：查看偏置和均值</translation>
    </message>
    <message>
        <source>the expected output agrees with phase {}: relative L2 {}, max |Δ| {} of {}</source>
        <translation>期望输出与阶段 {} 一致：相对 L2 {}，最大 |Δ| 为 {}（参考最大值 {}）</translation>
    </message>
    <message>
        <source>relative L2 {} from eval, {} from deploy</source>
        <translation>与 eval 的相对 L2 为 {}，与 deploy 的为 {}</translation>
    </message>
    <message>
        <source>the expected output agrees with no phase ({}), and no known cause explains it{}{}</source>
        <translation>期望输出与任何阶段都不一致（{}），没有已知原因可以解释{}{}</translation>
    </message>
    <message>
        <source>check input, normalisation, eps and weight set</source>
        <translation>检查输入、归一化、eps 和权重组</translation>
    </message>
    <message>
        <source>the expected output agrees with no phase of ours that it should ({}); {}: {} (explains it to {} dB)</source>
        <translation>期望输出与应当一致的阶段都不一致（{}）；{}：{}（解释达 {} dB）</translation>
    </message>
    <message>
        <source>the cause</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>most likely</source>
        <translation>最可能的原因</translation>
    </message>
    <message>
        <source>nothing to fuse in this file</source>
        <translation>此文件中没有可融合的内容</translation>
    </message>
    <message>
        <source>{} gives {} instead of {}</source>
        <translation>{} 给出 {} 而非 {}</translation>
    </message>
    <message>
        <source>{} differs from its branches: {} dB, max |Δ| {} of {}</source>
        <translation>{} 与其分支不同：{} dB，最大 |Δ| 为 {}（参考最大值 {}）</translation>
    </message>
    <message>
        <source>the output of the written network holds {} values that are NaN or infinite</source>
        <translation>写出的网络的输出含有 {} 个 NaN 或无穷大的值</translation>
    </message>
    <message>
        <source>the outputs agree to {} dB only, max |Δ| {} of {}</source>
        <translation>输出只一致到 {} dB，最大 |Δ| 为 {}（参考最大值 {}）</translation>
    </message>
    <message>
        <source>read back:</source>
        <translation>重新读取：</translation>
    </message>
    <message>
        <source> {} block{} equal{} the branches to {}</source>
        <translation> {0} 个块与分支一致到 {3}</translation>
    </message>
    <message>
        <source>{} dB or better</source>
        <translation>{} dB 或更好</translation>
    </message>
    <message>
        <source>the last bit</source>
        <translation>最后一位</translation>
    </message>
    <message>
        <source>{} the network's outputs agree to {}</source>
        <translation>{} 网络的输出一致到 {}</translation>
    </message>
    <message>
        <source>checking {}</source>
        <translation>正在检查 {}</translation>
    </message>
    <message>
        <source>{} of the fused blocks cannot be found in it{}{}</source>
        <translation>其中找不到 {} 个已融合的块{}{}</translation>
    </message>
    <message>
        <source>a picture, an array or a folder of them</source>
        <translation>图像、数组，或含有它们的文件夹</translation>
    </message>
    <message>
        <source>no such file</source>
        <translation>没有此文件</translation>
    </message>
    <message>
        <source>a folder that can be read</source>
        <translation>可读的文件夹</translation>
    </message>
    <message>
        <source>K/N with K from 1 to N</source>
        <translation>K/N，其中 K 为 1 到 N</translation>
    </message>
    <message>
        <source>{} merged block{} differ{} at the border</source>
        <translation>{0} 个已融合的块在边界处不同</translation>
    </message>
    <message>
        <source>{} of {} blocks merge exactly everywhere; {} does not: {}</source>
        <translation>{1} 个块中有 {0} 个可处处精确融合；{2} 不能：{3}</translation>
    </message>
    <message>
        <source>the block merges exactly everywhere, border included</source>
        <translation>该块处处精确融合，包括边界</translation>
    </message>
    <message>
        <source>all {} blocks merge exactly everywhere, border included</source>
        <translation>全部 {} 个块处处精确融合，包括边界</translation>
    </message>
    <message>
        <source>no block was measured</source>
        <translation>没有测量任何块</translation>
    </message>
    <message>
        <source>in float64 the fused kernel equals its branches to {} or better ({}); as stored in float32, {}</source>
        <translation>在 float64 下，融合核与其分支一致到 {} 或更好（{}）；以 float32 存储时为 {}</translation>
    </message>
    <message>
        <source>on the same input the float32 outputs differ by at most {} times the bound 8·2^-23·√K·M ({}: {} of {})</source>
        <translation>同一输入下，float32 输出的差异至多为界 8·2^-23·√K·M 的 {} 倍（{}：{}，界为 {}）</translation>
    </message>
    <message>
        <source>the network was not run whole</source>
        <translation>网络未整体运行</translation>
    </message>
    <message>
        <source>the outputs hold {} values that are NaN or infinite</source>
        <translation>输出含有 {} 个 NaN 或无穷大的值</translation>
    </message>
    <message>
        <source>the outputs agree to {} (max |Δ| {} of {}), {} dB per block</source>
        <translation>输出一致到 {}（最大 |Δ| 为 {}，参考最大值 {}），每块 {} dB</translation>
    </message>
    <message>
        <source>the output is no classification</source>
        <translation>输出不是分类结果</translation>
    </message>
    <message>
        <source>not asked: the input is seeded noise</source>
        <translation>未检查：输入是固定种子的噪声</translation>
    </message>
    <message>
        <source>the top-1 class is the same; its margin is {} times the largest difference</source>
        <translation>top-1 类别相同；其裕量是最大差异的 {} 倍</translation>
    </message>
    <message>
        <source>the top-1 class is the same and the outputs are equal</source>
        <translation>top-1 类别相同，且输出相等</translation>
    </message>
    <message>
        <source>the top-1 class changed for {} of {} inputs</source>
        <translation>{1} 个输入中有 {0} 个的 top-1 类别改变</translation>
    </message>
    <message>
        <source>tie within rounding for {} of {} inputs</source>
        <translation>{1} 个输入中有 {0} 个在舍入范围内并列</translation>
    </message>
    <message>
        <source>the block runs with its branches</source>
        <translation>该块以其分支运行</translation>
    </message>
    <message>
        <source>none: norms are part of the kernels</source>
        <translation>无：归一化已并入卷积核</translation>
    </message>
    <message>
        <source>running statistics</source>
        <translation>运行统计量</translation>
    </message>
    <message>
        <source>batch statistics</source>
        <translation>批统计量</translation>
    </message>
    <message>
        <source>impulse at the centre</source>
        <translation>中心脉冲</translation>
    </message>
    <message>
        <source>impulse at the edge</source>
        <translation>边缘脉冲</translation>
    </message>
    <message>
        <source>impulse in the corner</source>
        <translation>角落脉冲</translation>
    </message>
    <message>
        <source>small integers</source>
        <translation>小整数</translation>
    </message>
    <message>
        <source>Gaussian noise</source>
        <translation>高斯噪声</translation>
    </message>
    <message>
        <source>large magnitude</source>
        <translation>大幅值</translation>
    </message>
    <message>
        <source>int8 per channel</source>
        <translation>int8 逐通道</translation>
    </message>
    <message>
        <source>int8 per tensor</source>
        <translation>int8 逐张量</translation>
    </message>
    <message>
        <source>int4 per channel</source>
        <translation>int4 逐通道</translation>
    </message>
    <message>
        <source>int4 per tensor</source>
        <translation>int4 逐张量</translation>
    </message>
    <message>
        <source>verifying {}</source>
        <translation>正在验证 {}</translation>
    </message>
    <message>
        <source>seeded noise [1, ic, {}, {}] for each block</source>
        <translation>每个块使用固定种子的噪声 [1, ic, {}, {}]</translation>
    </message>
    <message>
        <source>{} channels</source>
        <translation>{} 个通道</translation>
    </message>
    <message>
        <source>shape {}</source>
        <translation>形状 {}</translation>
    </message>
    <message>
        <source>batch statistics over {} to {} values per channel</source>
        <translation>批统计量，每通道 {} 到 {} 个值</translation>
    </message>
    <message>
        <source>the name of a block, as `inspect` lists them</source>
        <translation>块的名称，如 `inspect` 所列</translation>
    </message>
    <message>
        <source>no such block among {}</source>
        <translation>{} 个块中没有此块</translation>
    </message>
    <message>
        <source>no part of this graph can be merged into fewer convolutions</source>
        <translation>此图没有任何部分可融合为更少的卷积</translation>
    </message>
    <message>
        <source>the deploy form only: nothing to compare it with</source>
        <translation>只有部署形式：没有可比较的对象</translation>
    </message>
    <message>
        <source>none of {} blocks; {}: {}</source>
        <translation>{} 个块中没有；{}：{}</translation>
    </message>
    <message>
        <source>name the train file and give this one as --against, or an output as --expect</source>
        <translation>指定训练文件，并以 --against 给出此文件，或以 --expect 给出输出</translation>
    </message>
    <message>
        <source>1 for the noise of the algebra check, 2 for the certificate's</source>
        <translation>代数检查的噪声用 1，证书的用 2</translation>
    </message>
    <message>
        <source>explain a pixel</source>
        <translation>解释像素</translation>
    </message>
    <message>
        <source>a map of {} channels</source>
        <translation>{} 个通道的特征图</translation>
    </message>
    <message>
        <source>take the block's own input</source>
        <translation>取块自身的输入</translation>
    </message>
    <message>
        <source>an element of {}</source>
        <translation>{} 的元素</translation>
    </message>
    <message>
        <source>choose another element</source>
        <translation>请选择其他元素</translation>
    </message>
    <message>
        <source>a kernel </source>
        <translation>卷积核 </translation>
    </message>
    <message>
        <source>embed it like the sum</source>
        <translation>按与和相同的方式嵌入</translation>
    </message>
    <message>
        <source>one block is the least that there can be</source>
        <translation>一个块已是最少</translation>
    </message>
    <message>
        <source>every set of blocks was tried</source>
        <translation>已尝试所有块的集合</translation>
    </message>
    <message>
        <source>every smaller set was tried</source>
        <translation>已尝试所有更小的集合</translation>
    </message>
    <message>
        <source>{}, but of the sets of {} blocks only {} were tried, the most promising first, to stay within {} runs</source>
        <translation>{0}，但为不超过 {3} 次运行，在含 {1} 个块的集合中只尝试了 {2} 个，最有希望者优先</translation>
    </message>
    <message>
        <source>no set that was tried does it</source>
        <translation>所尝试的集合均不奏效</translation>
    </message>
    <message>
        <source>none of its blocks can be left out</source>
        <translation>其中任何块都不可省去</translation>
    </message>
    <message>
        <source>a {}x{} window with stride {}x{} gives too many cases of the border</source>
        <translation>{}x{} 窗口配合步幅 {}x{} 产生过多的边界情形</translation>
    </message>
    <message>
        <source>a border with a certificate</source>
        <translation>带证书的边界</translation>
    </message>
    <message>
        <source>too many cases</source>
        <translation>情形过多</translation>
    </message>
    <message>
        <source>a block that does not pad</source>
        <translation>不做填充的块</translation>
    </message>
    <message>
        <source>; in the other file a border of mode {} stands before it, in the branches one of zeros</source>
        <translation>；另一文件在它之前是模式为 {} 的边界，而分支中是零边界</translation>
    </message>
    <message>
        <source>the block runs in train mode: its norms take the statistics of this input</source>
        <translation>块以 train 模式运行：其归一化层取本次输入的统计量</translation>
    </message>
    <message>
        <source>switch the model to eval before export</source>
        <translation>导出前把模型切换到 eval</translation>
    </message>
    <message>
        <source>the border between two steps holds zeros</source>
        <translation>两步之间的边界填的是零</translation>
    </message>
    <message>
        <source>pad with what the steps before make of zero</source>
        <translation>用前面各步对零的输出来填充</translation>
    </message>
    <message>
        <source>the steps are merged although the border between them holds zeros</source>
        <translation>两步之间的边界是零，却仍被合并</translation>
    </message>
    <message>
        <source>leave such a block unmerged, or pad with what the steps before make of zero</source>
        <translation>不要合并这样的块，或用前面各步对零的输出来填充</translation>
    </message>
    <message>
        <source>a body that can be folded</source>
        <translation>可以折叠的主体</translation>
    </message>
    <message>
        <source>choose another fault or block</source>
        <translation>请选择另一种故障或另一个块</translation>
    </message>
    <message>
        <source>a number below {}</source>
        <translation>小于 {} 的数</translation>
    </message>
    <message>
        <source>the kernel is the right one: this fault changes nothing here</source>
        <translation>卷积核是正确的：此故障在这里不改变任何东西</translation>
    </message>
    <message>
        <source>the kernel is the right one: nothing is wrong with the folding</source>
        <translation>卷积核是正确的：折叠没有问题</translation>
    </message>
    <message>
        <source>breaking the block</source>
        <translation>正在弄坏块</translation>
    </message>
    <message>
        <source>the broken block's</source>
        <translation>被弄坏的块的</translation>
    </message>
    <message>
        <source>the kernel is right, so it cannot tell; the outputs do</source>
        <translation>卷积核是对的，所以看不出；要看输出</translation>
    </message>
    <message>
        <source>some of its blocks may not be needed</source>
        <translation>其中有些块可能并不需要</translation>
    </message>
</context>
<context>
    <name>DisplayText</name>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>not finite</source>
        <translation>非有限</translation>
    </message>
    <message>
        <source>exact</source>
        <translation>精确</translation>
    </message>
    <message>
        <source>%1 dB</source>
        <translation>%1 dB</translation>
    </message>
    <message>
        <source>parameters %1 → %2</source>
        <translation>参数 %1 → %2</translation>
    </message>
    <message>
        <source>MACs %1 → %2, %3 fusable</source>
        <translation>MACs %1 → %2，%3 可融合</translation>
    </message>
    <message>
        <source>class %1</source>
        <translation>类别 %1</translation>
    </message>
</context>
<context>
    <name>KeySheet</name>
    <message>
        <source>Key</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>What it does</source>
        <translation>作用</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
</context>
<context>
    <name>Lesson</name>
    <message>
        <source>en</source>
        <extracomment>The language of the lessons: en or zh</extracomment>
        <translation>zh</translation>
    </message>
</context>
<context>
    <name>Overview</name>
    <message>
        <source>How the blocks are connected is not known: %1</source>
        <translation>块之间如何连接未知：%1</translation>
    </message>
    <message>
        <source>The connections are too many and too long to be drawn; the blocks stand in their order.</source>
        <translation>连线过多过长，无法绘制；各块按顺序排列。</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>Tab</source>
        <translation>标签页</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>the file itself</source>
        <translation>文件本身</translation>
    </message>
    <message>
        <source>Read this weight set of the file</source>
        <translation>读取文件中的此权重组</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>块</translation>
    </message>
</context>
<context>
    <name>Problem</name>
    <message>
        <source>expected %1, found %2</source>
        <translation>应为 %1，实为 %2</translation>
    </message>
    <message>
        <source>This block cannot be one kernel. %1: %2</source>
        <translation>此块不能成为单个卷积核。%1：%2</translation>
    </message>
</context>
<context>
    <name>Rows</name>
    <message>
        <source>As a command</source>
        <translation>作为命令</translation>
    </message>
    <message>
        <source>map</source>
        <translation>特征图</translation>
    </message>
    <message>
        <source>block</source>
        <translation>块</translation>
    </message>
    <message>
        <source>made by</source>
        <translation>来自</translation>
    </message>
    <message>
        <source>phase %1, %2</source>
        <translation>阶段 %1，%2</translation>
    </message>
    <message>
        <source>shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>least</source>
        <translation>最小</translation>
    </message>
    <message>
        <source>largest</source>
        <translation>最大</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>均值</translation>
    </message>
    <message>
        <source>deviation</source>
        <translation>标准差</translation>
    </message>
    <message>
        <source>zeros</source>
        <translation>零的个数</translation>
    </message>
    <message>
        <source>not finite</source>
        <translation>非有限</translation>
    </message>
    <message>
        <source>%1 NaN, %2 infinite</source>
        <translation>%1 个 NaN，%2 个无穷</translation>
    </message>
    <message>
        <source>input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>model</source>
        <translation>模型</translation>
    </message>
</context>
<context>
    <name>StepText</name>
    <message>
        <source>output o takes nothing from another input</source>
        <translation>输出 o 不从其他输入取值</translation>
    </message>
    <message>
        <source>an average adds no bias</source>
        <translation>平均不增加偏置</translation>
    </message>
    <message>
        <source>this output does not read this input</source>
        <translation>此输出不读取此输入</translation>
    </message>
    <message>
        <source>outside the smaller kernel</source>
        <translation>在较小卷积核之外</translation>
    </message>
    <message>
        <source>between the taps</source>
        <translation>在抽头之间</translation>
    </message>
    <message>
        <source>no product falls here</source>
        <translation>没有乘积落在此处</translation>
    </message>
    <message>
        <source> + %1 of %2 more products</source>
        <translation> + 另外 %2 个乘积中的 %1 个</translation>
    </message>
    <message>
        <source>K1: %1</source>
        <translation>K1：%1</translation>
    </message>
    <message>
        <source>K2: %1</source>
        <translation>K2：%1</translation>
    </message>
    <message>
        <source>s, t: %1</source>
        <translation>s, t：%1</translation>
    </message>
    <message>
        <source>K: %1</source>
        <translation>K：%1</translation>
    </message>
    <message>
        <source>the input</source>
        <translation>输入</translation>
    </message>
</context>
<context>
    <name>TableTwin</name>
    <message>
        <source>%1 as a table</source>
        <translation>%1（表格）</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>The numbers of the chart as a table</source>
        <translation>以表格显示图表的数值</translation>
    </message>
</context>
<context>
    <name>VerdictSummary</name>
    <message>
        <source>Structure: can they be equal?</source>
        <translation>结构：二者能否相等？</translation>
    </message>
    <message>
        <source>Algebra: is the kernel right?</source>
        <translation>代数：卷积核是否正确？</translation>
    </message>
    <message>
        <source>Rounding: does float32 behave?</source>
        <translation>舍入：float32 是否正常？</translation>
    </message>
    <message>
        <source>Drift: what reaches the output?</source>
        <translation>漂移：有多少传到输出？</translation>
    </message>
    <message>
        <source>Decision: does it matter?</source>
        <translation>判定：是否有影响？</translation>
    </message>
    <message>
        <source>PASS</source>
        <translation>通过</translation>
    </message>
    <message>
        <source>WARN</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>FAIL</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>REFUSED</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>%1 dB</source>
        <translation>%1 dB</translation>
    </message>
    <message>
        <source>exact</source>
        <translation>精确</translation>
    </message>
    <message>
        <source>algebra %1</source>
        <translation>代数 %1</translation>
    </message>
    <message>
        <source>float32 at %1 of its bound</source>
        <translation>float32 为其界的 %1</translation>
    </message>
    <message>
        <source>output %1</source>
        <translation>输出 %1</translation>
    </message>
    <message>
        <source>The two forms cannot be equal: %1</source>
        <translation>两种形式不可能相等：%1</translation>
    </message>
    <message>
        <source>The two forms do not agree: %1</source>
        <translation>两种形式不一致：%1</translation>
    </message>
    <message>
        <source>Not passed: %1</source>
        <translation>未通过：%1</translation>
    </message>
    <message>
        <source>Multi-branch and fused form agree.</source>
        <translation>多分支形式与融合形式一致。</translation>
    </message>
    <message>
        <source>To be looked at: %1</source>
        <translation>需要查看：%1</translation>
    </message>
    <message>
        <source>closest to its limit: %1 (%2)</source>
        <translation>最接近其界限：%1（%2）</translation>
    </message>
    <message>
        <source>look at %1 (%2)</source>
        <translation>请查看 %1（%2）</translation>
    </message>
    <message>
        <source>NOT VERIFIED</source>
        <translation>未验证</translation>
    </message>
    <message>
        <source>Verification was cancelled.</source>
        <translation>验证已取消。</translation>
    </message>
    <message>
        <source>NOTHING TO COMPARE</source>
        <translation>无可比较</translation>
    </message>
    <message>
        <source>NOT OPENED</source>
        <translation>未打开</translation>
    </message>
    <message>
        <source>WORKING</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>NO MODEL</source>
        <translation>无模型</translation>
    </message>
    <message>
        <source>Open a checkpoint, or drop one on this window.</source>
        <translation>请打开检查点，或将其拖放到此窗口。</translation>
    </message>
</context>
<context>
    <name>rp::ui</name>
    <message>
        <source>not computed in this phase</source>
        <translation>此阶段未计算</translation>
    </message>
</context>
<context>
    <name>rp::ui::ActivationsView</name>
    <message>
        <source>Sample</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Show one channel in all panes; a click on a picture does the same</source>
        <translation>在所有窗格中显示一个通道；单击图像效果相同</translation>
    </message>
    <message>
        <source>&amp;Channel</source>
        <translation>通道(&amp;C)</translation>
    </message>
    <message>
        <source>C&amp;olours</source>
        <translation>配色(&amp;O)</translation>
    </message>
    <message>
        <source>diverging</source>
        <translation>发散</translation>
    </message>
    <message>
        <source>sequential</source>
        <translation>顺序</translation>
    </message>
    <message>
        <source>Diverging: zero is white. Sequential: dark to bright. NaN and infinity are magenta in both.</source>
        <translation>发散：零为白色。顺序：由暗到亮。两者中 NaN 与无穷均为品红色。</translation>
    </message>
    <message>
        <source>&amp;Range</source>
        <translation>范围(&amp;R)</translation>
    </message>
    <message>
        <source>block</source>
        <translation>块</translation>
    </message>
    <message>
        <source>channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>locked</source>
        <translation>锁定</translation>
    </message>
    <message>
        <source>&amp;Sort</source>
        <translation>排序(&amp;S)</translation>
    </message>
    <message>
        <source>as stored</source>
        <translation>存储顺序</translation>
    </message>
    <message>
        <source>error</source>
        <translation>误差</translation>
    </message>
    <message>
        <source>energy</source>
        <translation>能量</translation>
    </message>
    <message>
        <source>gamma</source>
        <translation>gamma</translation>
    </message>
    <message>
        <source>Phase %1, %2</source>
        <translation>阶段 %1，%2</translation>
    </message>
    <message>
        <source>, on a seeded input</source>
        <translation>，使用由种子生成的输入</translation>
    </message>
    <message>
        <source>; one colour range for all but x and Δ</source>
        <translation>；除 x 与 Δ 外共用一个颜色范围</translation>
    </message>
    <message>
        <source>; every channel has a colour range of its own</source>
        <translation>；每个通道有各自的颜色范围</translation>
    </message>
    <message>
        <source>; colour ranges are locked</source>
        <translation>；颜色范围已锁定</translation>
    </message>
    <message>
        <source>Computing…</source>
        <translation>计算中…</translation>
    </message>
    <message>
        <source>Select a block at the left.</source>
        <translation>请在左侧选择块。</translation>
    </message>
    <message>
        <source>Open a checkpoint and a picture, or drop them here.</source>
        <translation>请打开检查点和图像，或将其拖放到此处。</translation>
    </message>
    <message>
        <source>channel %1, y %2, x %3:   %4</source>
        <translation>通道 %1，y %2，x %3：   %4</translation>
    </message>
    <message>
        <source>network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Which values take the end colours: one range for all maps of the block that can be compared, one for each channel, those of now for whatever is selected next, or one for what all blocks put out</source>
        <translation>哪些值取两端颜色：块内所有可比特征图共用一个范围，每个通道各用一个范围，锁定当前范围用于之后的选择，或所有块的输出共用一个范围</translation>
    </message>
    <message>
        <source>contribution</source>
        <translation>贡献</translation>
    </message>
    <message>
        <source>Order of the channels, largest first: mean square of the difference, mean square of the sum, largest |γ| of the branches' norms, or what the chosen branch (else the first) adds of all branches' energy</source>
        <translation>通道顺序，最大者在前：差异的均方、和的均方、各分支归一化的最大 |γ|，或所选分支（否则第一个分支）在所有分支能量中的占比</translation>
    </message>
    <message>
        <source>Hide small channels</source>
        <translation>隐藏小通道</translation>
    </message>
    <message>
        <source>Hide channels whose figure is small; the line below tells how many are left. P or Shift+click pins a channel: it stays first</source>
        <translation>隐藏数值小的通道；下方的行显示剩余数量。P 或 Shift+单击可固定通道，使其保持在最前</translation>
    </message>
    <message>
        <source>; one colour range for what all blocks put out, but for x and Δ</source>
        <translation>；除 x 与 Δ 外，所有块的输出共用一个颜色范围</translation>
    </message>
    <message>
        <source>; the network was not run whole: one colour range for this block</source>
        <translation>；网络未完整运行：此块用一个颜色范围</translation>
    </message>
    <message>
        <source>; there is no such figure here: channels as stored</source>
        <translation>；此处没有该数值：通道按存储顺序</translation>
    </message>
    <message>
        <source>; %1 of %2 channels, from %3 on</source>
        <translation>；%2 个通道中的 %1 个，从 %3 起</translation>
    </message>
</context>
<context>
    <name>rp::ui::AnatomyProbe</name>
    <message>
        <source>Open a model to see what its branches hold.</source>
        <translation>请打开模型以查看其各分支的内容。</translation>
    </message>
    <message>
        <source>Computing…</source>
        <translation>计算中…</translation>
    </message>
    <message>
        <source>No block is selected.</source>
        <translation>未选择块。</translation>
    </message>
</context>
<context>
    <name>rp::ui::AnatomyView</name>
    <message>
        <source>s&amp;hares</source>
        <translation>占比(&amp;H)</translation>
    </message>
    <message>
        <source>Σ K² by output channel</source>
        <translation>按输出通道的 Σ K²</translation>
    </message>
    <message>
        <source>Energy of each branch's kernel, embedded in the fused window. Branches that cancel hold more than the fused kernel.</source>
        <translation>各分支卷积核嵌入融合窗口后的能量。相互抵消的分支所含能量多于融合核。</translation>
    </message>
    <message>
        <source>&amp;Sort</source>
        <translation>排序(&amp;S)</translation>
    </message>
    <message>
        <source>as stored</source>
        <translation>存储顺序</translation>
    </message>
    <message>
        <source>energy</source>
        <translation>能量</translation>
    </message>
    <message>
        <source>middle tap's share</source>
        <translation>中心抽头占比</translation>
    </message>
    <message>
        <source>All bars equally high: which branch holds which part</source>
        <translation>所有条等高：显示各分支所占部分</translation>
    </message>
    <message>
        <source>&amp;Kernel</source>
        <translation>卷积核(&amp;K)</translation>
    </message>
    <message>
        <source>fused</source>
        <translation>融合</translation>
    </message>
    <message>
        <source>share of %1</source>
        <translation>%1 的占比</translation>
    </message>
    <message>
        <source>Weights from %1 to %2; %3 beyond the fences %4 and %5; %6 zeros</source>
        <translation>权重从 %1 到 %2；%3 个超出界线 %4 与 %5；%6 个零</translation>
    </message>
    <message>
        <source>Outliers lie more than three interquartile ranges beyond the quartiles (Tukey). Zeros of embedded kernels are not drawn.</source>
        <translation>离群值超出四分位数三倍四分位距以上 (Tukey)。嵌入卷积核的零不绘制。</translation>
    </message>
    <message>
        <source>norm by position in each block</source>
        <translation>各块按位置的范数</translation>
    </message>
    <message>
        <source>norms follow with the verification</source>
        <translation>范数将随验证给出</translation>
    </message>
    <message>
        <source>√Σ K² over all channels at each position of the window; the strongest position of a block is bright</source>
        <translation>窗口每个位置上对所有通道的 √Σ K²；块中最强的位置为亮色</translation>
    </message>
</context>
<context>
    <name>rp::ui::AssumptionsPane</name>
    <message>
        <source>Of</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>In force</source>
        <translation>生效值</translation>
    </message>
    <message>
        <source>Assumptions</source>
        <translation>假设</translation>
    </message>
    <message>
        <source>A&amp;ssume</source>
        <translation>假设(&amp;S)</translation>
    </message>
    <message>
        <source>eps=1e-3  stage3.*:stride=2,groups=4</source>
        <translation>eps=1e-3  stage3.*:stride=2,groups=4</translation>
    </message>
    <message>
        <source>As after --assume, several with blanks between: eps momentum stride padding dilation groups identity se activation; for blocks that match a pattern, or for all</source>
        <translation>与 --assume 之后的写法相同，多项以空格分隔：eps momentum stride padding dilation groups identity se activation；用于匹配模式的块，或所有块</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
</context>
<context>
    <name>rp::ui::BlockDiagramView</name>
    <message>
        <source>max %1</source>
        <translation>最大 %1</translation>
    </message>
    <message>
        <source>Diagram of the block</source>
        <translation>块的结构图</translation>
    </message>
    <message>
        <source>Select a block at the left.</source>
        <translation>请在左侧选择块。</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>正在打开…</translation>
    </message>
    <message>
        <source>Open a checkpoint, or drop it here.</source>
        <translation>请打开检查点，或将其拖放到此处。</translation>
    </message>
    <message>
        <source>This block cannot be drawn: %1</source>
        <translation>无法绘制此块：%1</translation>
    </message>
    <message>
        <source>The file holds the fused kernel only; its branches cannot be told from it.</source>
        <translation>文件只含融合核，无法由此得知其分支。</translation>
    </message>
    <message>
        <source>There is no fused path. The block is not merged: %1</source>
        <translation>没有融合路径。此块未融合：%1</translation>
    </message>
</context>
<context>
    <name>rp::ui::BlockDifferenceView</name>
    <message>
        <source>This block has one computation only; there is nothing to compare.</source>
        <translation>此块只有一种计算，无可比较。</translation>
    </message>
    <message>
        <source>Computing…</source>
        <translation>计算中…</translation>
    </message>
    <message>
        <source>No block is selected.</source>
        <translation>未选择块。</translation>
    </message>
    <message>
        <source>No difference is finite.</source>
        <translation>没有有限的差异。</translation>
    </message>
    <message>
        <source>Before the tail, largest |Δ| %1 at channel %2, y %3, x %4; exactly equal: %5 of %6</source>
        <translation>尾部之前，最大 |Δ| %1，位于通道 %2，y %3，x %4；完全相等：%6 中的 %5</translation>
    </message>
    <message>
        <source>; not finite: %1</source>
        <translation>；非有限：%1</translation>
    </message>
</context>
<context>
    <name>rp::ui::BlockTableModel</name>
    <message>
        <source>identity</source>
        <translation>恒等</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>块</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>系列</translation>
    </message>
    <message>
        <source>Form</source>
        <translation>形式</translation>
    </message>
    <message>
        <source>Kernel</source>
        <translation>卷积核</translation>
    </message>
    <message>
        <source>Stride</source>
        <translation>步幅</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>组</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>MACs</source>
        <translation>MACs</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>一致度</translation>
    </message>
    <message>
        <source>Local max |Δ|</source>
        <translation>局部最大 |Δ|</translation>
    </message>
    <message>
        <source>Cumulative max |Δ|</source>
        <translation>累积最大 |Δ|</translation>
    </message>
    <message>
        <source>Exact</source>
        <translation>精确</translation>
    </message>
</context>
<context>
    <name>rp::ui::BlockTableView</name>
    <message>
        <source>Rows whose figure is beyond it are coloured: below for the agreement, above for all else</source>
        <translation>数值越过阈值的行会着色：一致度为低于阈值，其余为高于阈值</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>&amp;Flag</source>
        <translation>标记(&amp;F)</translation>
    </message>
    <message>
        <source>Table of blocks</source>
        <translation>块表</translation>
    </message>
    <message>
        <source>The file holds no blocks.</source>
        <translation>文件中没有块。</translation>
    </message>
    <message>
        <source>Open a model to see its blocks.</source>
        <translation>请打开模型以查看其块。</translation>
    </message>
    <message>
        <source>%1 blocks</source>
        <translation>%1 个块</translation>
    </message>
    <message>
        <source>%1 of %2 blocks</source>
        <translation>%2 个块中的 %1 个</translation>
    </message>
    <message>
        <source>%1 %2: %3 of %4</source>
        <translation>%1 %2：%4 中的 %3</translation>
    </message>
</context>
<context>
    <name>rp::ui::BlockTreeModel</name>
    <message>
        <source>
largest local difference %1, bound %2</source>
        <translation>
最大局部差异 %1，界 %2</translation>
    </message>
    <message>
        <source>exact</source>
        <translation>精确</translation>
    </message>
    <message>
        <source>%1 dB</source>
        <translation>%1 dB</translation>
    </message>
    <message>
        <source>Signal to difference of the two forms on the same input, in float32: more is closer</source>
        <translation>相同输入下两种形式的信号与差异之比，float32：越大越接近</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>块</translation>
    </message>
    <message>
        <source>Form</source>
        <translation>形式</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>一致度</translation>
    </message>
</context>
<context>
    <name>rp::ui::BlockTreeView</name>
    <message>
        <source>Blocks</source>
        <translation>块</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>无模型</translation>
    </message>
    <message>
        <source>%1 form, %2 keys, blocks: %3</source>
        <translation>%1 形式，%2 个键，块：%3</translation>
    </message>
</context>
<context>
    <name>rp::ui::BranchBars</name>
    <message>
        <source>Energy of the branches by output channel</source>
        <translation>各分支按输出通道的能量</translation>
    </message>
    <message>
        <source>fused</source>
        <translation>融合</translation>
    </message>
    <message>
        <source>full: middle tap, pale: ring</source>
        <translation>深色：中心抽头，浅色：外圈</translation>
    </message>
    <message>
        <source>output channel %1</source>
        <translation>输出通道 %1</translation>
    </message>
    <message>
        <source>
%1: %2 of Σ, middle tap %3</source>
        <translation>
%1：占 Σ 的 %2，中心抽头 %3</translation>
    </message>
    <message>
        <source>
fused: Σ K² %1, of the branches %2</source>
        <translation>
融合：Σ K² %1，各分支 %2</translation>
    </message>
</context>
<context>
    <name>rp::ui::BreakItView</name>
    <message>
        <source>nothing</source>
        <translation>无变化</translation>
    </message>
    <message>
        <source>the border only</source>
        <translation>仅边界</translation>
    </message>
    <message>
        <source>one channel</source>
        <translation>一个通道</translation>
    </message>
    <message>
        <source>some channels</source>
        <translation>部分通道</translation>
    </message>
    <message>
        <source>everything</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>hardly: 60 dB or more</source>
        <translation>几乎不可见：60 dB 以上（含）</translation>
    </message>
    <message>
        <source>visibly: 20 to 60 dB</source>
        <translation>可见：20 至 60 dB</translation>
    </message>
    <message>
        <source>badly: below 20 dB</source>
        <translation>严重：低于 20 dB</translation>
    </message>
    <message>
        <source>1. &amp;Choose a fault</source>
        <translation>1. 选择故障(&amp;C)</translation>
    </message>
    <message>
        <source>W&amp;here</source>
        <translation>位置(&amp;H)</translation>
    </message>
    <message>
        <source>2. Predict: what changes?</source>
        <translation>2. 预测：什么会变化？</translation>
    </message>
    <message>
        <source>How much?</source>
        <translation>变化多大？</translation>
    </message>
    <message>
        <source>3. &amp;Reveal</source>
        <translation>3. 揭晓(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Undo the fault</source>
        <translation>撤销故障(&amp;U)</translation>
    </message>
    <message>
        <source>Diagnosis</source>
        <translation>诊断</translation>
    </message>
    <message>
        <source>Explains to</source>
        <translation>解释程度</translation>
    </message>
    <message>
        <source>Faults</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>Explanations, best first</source>
        <translation>解释，最佳者在前</translation>
    </message>
    <message>
        <source>Computing…</source>
        <translation>计算中…</translation>
    </message>
    <message>
        <source>No block is selected.</source>
        <translation>未选择块。</translation>
    </message>
    <message>
        <source>This block has no branches that could be folded wrongly. Choose another one.</source>
        <translation>此块没有可能被错误折叠的分支。请选择另一个块。</translation>
    </message>
    <message>
        <source>The block is right. Choose a fault, say what you expect, then reveal.</source>
        <translation>此块正确。请选择故障，说出预期，然后揭晓。</translation>
    </message>
    <message>
        <source>Nothing changes.</source>
        <translation>没有变化。</translation>
    </message>
    <message>
        <source>It changes %1, %2 (%3).</source>
        <translation>变化范围：%1，%2（%3）。</translation>
    </message>
    <message>
        <source>You were right.</source>
        <translation>您答对了。</translation>
    </message>
    <message>
        <source>Right place, other size.</source>
        <translation>位置正确，大小不同。</translation>
    </message>
    <message>
        <source>Right size, other place.</source>
        <translation>大小正确，位置不同。</translation>
    </message>
    <message>
        <source>A surprise.</source>
        <translation>出乎意料。</translation>
    </message>
    <message>
        <source>Δ = broken − right</source>
        <translation>Δ = 弄坏的 − 正确的</translation>
    </message>
    <message>
        <source>at most %1</source>
        <translation>至多 %1</translation>
    </message>
    <message>
        <source>Diagnosis: %1</source>
        <translation>诊断：%1</translation>
    </message>
    <message>
        <source>The fault: %1. Remedy: %2.</source>
        <translation>故障：%1。补救：%2。</translation>
    </message>
    <message>
        <source>%1 dB</source>
        <translation>%1 dB</translation>
    </message>
</context>
<context>
    <name>rp::ui::CommandPalette</name>
    <message>
        <source>Command palette</source>
        <translation>命令面板</translation>
    </message>
    <message>
        <source>An action, a block, a tab …</source>
        <translation>操作、块、标签页……</translation>
    </message>
    <message>
        <source>What to do or where to go</source>
        <translation>要做什么或转到何处</translation>
    </message>
    <message>
        <source>Matches</source>
        <translation>匹配项</translation>
    </message>
    <message>
        <source>Nothing of that name</source>
        <translation>没有该名称的项</translation>
    </message>
</context>
<context>
    <name>rp::ui::CompareView</name>
    <message>
        <source>First</source>
        <translation>第一个</translation>
    </message>
    <message>
        <source>Second</source>
        <translation>第二个</translation>
    </message>
    <message>
        <source>max |Δ|</source>
        <translation>最大 |Δ|</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>一致度</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Pairs of both models</source>
        <translation>两个模型的配对</translation>
    </message>
    <message>
        <source>&amp;Output channel</source>
        <translation>输出通道(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Input channel</source>
        <translation>输入通道(&amp;I)</translation>
    </message>
    <message>
        <source>%1: %2 form, %3 of %4 paired, %5 equal bit for bit, largest difference of a kernel or bias %6.</source>
        <translation>%1：%2 形式，%4 个中 %3 个已配对，%5 个逐位相等，卷积核或偏置的最大差异 %6。</translation>
    </message>
    <message>
        <source>  Verdict of the comparison: %1.</source>
        <translation>  比较的结论：%1。</translation>
    </message>
    <message>
        <source>There is no single kernel on either side.</source>
        <translation>两侧均没有单个卷积核。</translation>
    </message>
    <message>
        <source>Choose a pair at the left.</source>
        <translation>请在左侧选择一对。</translation>
    </message>
    <message>
        <source>first</source>
        <translation>第一个</translation>
    </message>
    <message>
        <source>second</source>
        <translation>第二个</translation>
    </message>
    <message>
        <source>second − first</source>
        <translation>第二个 − 第一个</translation>
    </message>
    <message>
        <source>range of its own</source>
        <translation>各自的范围</translation>
    </message>
</context>
<context>
    <name>rp::ui::ComparisonProbe</name>
    <message>
        <source>not merged on one side</source>
        <translation>一侧未融合</translation>
    </message>
    <message>
        <source>%1 against %2</source>
        <translation>%1 对 %2</translation>
    </message>
    <message>
        <source>nothing stands for it in the second model</source>
        <translation>第二个模型中没有与之对应的项</translation>
    </message>
    <message>
        <source>it stands for nothing in the first model</source>
        <translation>第一个模型中没有与之对应的项</translation>
    </message>
    <message>
        <source>Open a model first, then a second one to compare it with.</source>
        <translation>请先打开一个模型，再打开第二个模型与之比较。</translation>
    </message>
    <message>
        <source>File → Compare against… opens a second model: somebody's deploy file, or another checkpoint.</source>
        <translation>“文件 → 与 deploy 文件比较…”可打开第二个模型：他人的 deploy 文件或另一检查点。</translation>
    </message>
    <message>
        <source>Computing…</source>
        <translation>计算中…</translation>
    </message>
</context>
<context>
    <name>rp::ui::DepthPlot</name>
    <message>
        <source>Difference along the depth</source>
        <translation>沿深度的差异</translation>
    </message>
    <message>
        <source>not compared</source>
        <translation>未比较</translation>
    </message>
    <message>
        <source>fails or refused</source>
        <translation>失败或拒绝</translation>
    </message>
    <message>
        <source>0, exact</source>
        <translation>0，精确</translation>
    </message>
    <message>
        <source>block</source>
        <translation>块</translation>
    </message>
    <message>
        <source>no block is selected</source>
        <translation>未选择块</translation>
    </message>
</context>
<context>
    <name>rp::ui::DerivationView</name>
    <message>
        <source>Steps of the derivation</source>
        <translation>推导步骤</translation>
    </message>
    <message>
        <source>Step back</source>
        <translation>后退一步</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>Step forward</source>
        <translation>前进一步</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>&amp;Output channel</source>
        <translation>输出通道(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Input channel</source>
        <translation>输入通道(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Between</source>
        <translation>中间通道(&amp;B)</translation>
    </message>
    <message>
        <source>The channel between both kernels whose slices are shown; the result sums over all of them</source>
        <translation>两个卷积核之间所示切片的中间通道；结果对所有中间通道求和</translation>
    </message>
    <message>
        <source>Point at a cell of the result, or move over it with the arrow keys</source>
        <translation>指向结果的单元格，或用方向键在其上移动</translation>
    </message>
    <message>
        <source>Computing…</source>
        <translation>计算中…</translation>
    </message>
    <message>
        <source>No block is selected.</source>
        <translation>未选择块。</translation>
    </message>
    <message>
        <source>The file holds the fused kernel only; its branches cannot be told from it, so there is nothing to derive.</source>
        <translation>文件只含融合核，无法由此得知其分支，因此无可推导。</translation>
    </message>
    <message>
        <source>This block is one convolution already: there is nothing to derive.</source>
        <translation>此块已是单个卷积：无可推导。</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>rule %1:  %2</source>
        <translation>规则 %1：  %2</translation>
    </message>
    <message>
        <source>not in this slice</source>
        <translation>不在此切片中</translation>
    </message>
    <message>
        <source>channel %1, ε = %2</source>
        <translation>通道 %1，ε = %2</translation>
    </message>
    <message>
        <source>result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
</context>
<context>
    <name>rp::ui::DetailsTabs</name>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>答案</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>应为</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>实为</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>处理办法</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>块</translation>
    </message>
    <message>
        <source>Function</source>
        <translation>函数</translation>
    </message>
    <message>
        <source>Because</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>答案</translation>
    </message>
    <message>
        <source>The five questions of the verification</source>
        <translation>验证的五个问题</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Errors and findings</source>
        <translation>错误与发现</translation>
    </message>
    <message>
        <source>Dispatch</source>
        <translation>分派</translation>
    </message>
    <message>
        <source>Which function ran for each block in this phase, and why</source>
        <translation>此阶段各块运行了哪个函数及其原因</translation>
    </message>
    <message>
        <source>Figure</source>
        <translation>数值项</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>特征图</translation>
    </message>
    <message>
        <source>What is in the map that was chosen in the diagram or the activations</source>
        <translation>在结构图或激活中所选特征图的内容</translation>
    </message>
    <message>
        <source>Assumptions</source>
        <translation>假设</translation>
    </message>
    <message>
        <source>What the file does not say, the value in force, and who said so</source>
        <translation>文件未说明的内容、生效值及其来源</translation>
    </message>
    <message>
        <source>Problems (%1)</source>
        <translation>问题 (%1)</translation>
    </message>
    <message>
        <source>Dispatch, %1</source>
        <translation>分派，%1</translation>
    </message>
</context>
<context>
    <name>rp::ui::DifferenceView</name>
    <message>
        <source>deploy against eval, float32</source>
        <translation>deploy 对 eval，float32</translation>
    </message>
    <message>
        <source>Phase deploy against phase eval. Local: both get the same input. Cumulative: each form runs on its own outputs. A click selects the block.</source>
        <translation>阶段 deploy 对阶段 eval。局部：两者输入相同。累积：每种形式以自身的输出继续运行。单击可选择块。</translation>
    </message>
    <message>
        <source>largest |Δ|</source>
        <translation>最大 |Δ|</translation>
    </message>
    <message>
        <source>relative L2</source>
        <translation>相对 L2</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>量</translation>
    </message>
    <message>
        <source>local</source>
        <translation>局部</translation>
    </message>
    <message>
        <source>cumulative</source>
        <translation>累积</translation>
    </message>
    <message>
        <source>other file</source>
        <translation>另一文件</translation>
    </message>
    <message>
        <source>bound</source>
        <translation>界</translation>
    </message>
</context>
<context>
    <name>rp::ui::Document</name>
    <message>
        <source>one model, and one to compare it with</source>
        <translation>一个模型，以及一个与之比较的模型</translation>
    </message>
    <message>
        <source>a third model file</source>
        <translation>第三个模型文件</translation>
    </message>
    <message>
        <source>opening the model</source>
        <translation>正在打开模型</translation>
    </message>
    <message>
        <source>reading the input</source>
        <translation>正在读取输入</translation>
    </message>
    <message>
        <source>running phase %1</source>
        <translation>正在运行阶段 %1</translation>
    </message>
    <message>
        <source>verifying</source>
        <translation>正在验证</translation>
    </message>
    <message>
        <source>phase %1, %2</source>
        <translation>阶段 %1，%2</translation>
    </message>
</context>
<context>
    <name>rp::ui::EditHistory</name>
    <message>
        <source>engine %1</source>
        <translation>引擎 %1</translation>
    </message>
    <message>
        <source>dispatch %1</source>
        <translation>分派 %1</translation>
    </message>
    <message>
        <source>compare against nothing</source>
        <translation>不比较</translation>
    </message>
    <message>
        <source>compare against %1</source>
        <translation>与 %1 比较</translation>
    </message>
    <message>
        <source>weights %1</source>
        <translation>权重 %1</translation>
    </message>
    <message>
        <source>assumptions</source>
        <translation>假设</translation>
    </message>
</context>
<context>
    <name>rp::ui::ExportMenu</name>
    <message>
        <source>Tables (*.csv)</source>
        <translation>表格 (*.csv)</translation>
    </message>
    <message>
        <source>Save blocks</source>
        <translation>保存块</translation>
    </message>
    <message>
        <source>Save best classes</source>
        <translation>保存最佳类别</translation>
    </message>
    <message>
        <source>Save table</source>
        <translation>保存表格</translation>
    </message>
    <message>
        <source>Save map</source>
        <translation>保存特征图</translation>
    </message>
    <message>
        <source>Arrays (*.npy)</source>
        <translation>数组 (*.npy)</translation>
    </message>
    <message>
        <source>Save kernel</source>
        <translation>保存卷积核</translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation>已保存 %1</translation>
    </message>
    <message>
        <source>&amp;Copy as picture</source>
        <translation>复制为图像(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Save as picture…</source>
        <translation>保存为图像(&amp;S)…</translation>
    </message>
    <message>
        <source>There is no model to make a command of</source>
        <translation>没有可生成命令的模型</translation>
    </message>
    <message>
        <source>Copied: %1</source>
        <translation>已复制：%1</translation>
    </message>
    <message>
        <source>This tab has no charts</source>
        <translation>此标签页没有图表</translation>
    </message>
    <message>
        <source>There is no table in this pane</source>
        <translation>此窗格中没有表格</translation>
    </message>
    <message>
        <source>Save as picture</source>
        <translation>保存为图像</translation>
    </message>
    <message>
        <source>Pictures (*.png);;Drawings (*.svg);;Documents (*.pdf)</source>
        <translation>图像 (*.png);;矢量图 (*.svg);;文档 (*.pdf)</translation>
    </message>
    <message>
        <source>Copy &amp;table</source>
        <translation>复制表格(&amp;T)</translation>
    </message>
    <message>
        <source>Save table as CS&amp;V…</source>
        <translation>将表格保存为 CSV(&amp;V)…</translation>
    </message>
    <message>
        <source>Save &amp;numbers as NPY…</source>
        <translation>将数值保存为 NPY(&amp;N)…</translation>
    </message>
    <message>
        <source>Save numbers</source>
        <translation>保存数值</translation>
    </message>
    <message>
        <source>As ta&amp;ble</source>
        <translation>显示为表格(&amp;B)</translation>
    </message>
</context>
<context>
    <name>rp::ui::FileMenu</name>
    <message>
        <source>Open model</source>
        <translation>打开模型</translation>
    </message>
    <message>
        <source>Checkpoints (*.pth *.pt *.bin *.safetensors);;All files (*)</source>
        <translation>检查点 (*.pth *.pt *.bin *.safetensors);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Open image</source>
        <translation>打开图像</translation>
    </message>
    <message>
        <source>Pictures and arrays (*.jpg *.jpeg *.png *.bmp *.webp *.tif *.tiff *.npy);;All files (*)</source>
        <translation>图像与数组 (*.jpg *.jpeg *.png *.bmp *.webp *.tif *.tiff *.npy);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Compare against</source>
        <translation>与之比较</translation>
    </message>
    <message>
        <source>Recent &amp;models</source>
        <translation>最近的模型(&amp;M)</translation>
    </message>
    <message>
        <source>Recent ima&amp;ges</source>
        <translation>最近的图像(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Bundled</source>
        <translation>内置(&amp;B)</translation>
    </message>
</context>
<context>
    <name>rp::ui::FilterField</name>
    <message>
        <source>Filter: stage3 k=3 snr&lt;100 …</source>
        <translation>筛选：stage3 k=3 snr&lt;100 …</translation>
    </message>
    <message>
        <source>Filter of blocks</source>
        <translation>块筛选</translation>
    </message>
</context>
<context>
    <name>rp::ui::HistogramPlot</name>
    <message>
        <source>Histogram of the differences</source>
        <translation>差异直方图</translation>
    </message>
    <message>
        <source>elements</source>
        <translation>元素数</translation>
    </message>
    <message>
        <source>%1 exactly equal, largest magnitude %2</source>
        <translation>%1 个完全相等，最大绝对值 %2</translation>
    </message>
</context>
<context>
    <name>rp::ui::InputView</name>
    <message>
        <source>What the network sees: %1
%2</source>
        <translation>网络所见：%1
%2</translation>
    </message>
    <message>
        <source>Input %1</source>
        <translation>输入 %1</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>输入</translation>
    </message>
</context>
<context>
    <name>rp::ui::KernelGrid</name>
    <message>
        <source>Kernel of %1</source>
        <translation>%1 的卷积核</translation>
    </message>
    <message>
        <source>bias %1</source>
        <translation>偏置 %1</translation>
    </message>
    <message>
        <source>y %1, x %2: %3</source>
        <translation>y %1，x %2：%3</translation>
    </message>
    <message>
        <source>row</source>
        <translation>行</translation>
    </message>
    <message>
        <source>column %1</source>
        <translation>列 %1</translation>
    </message>
    <message>
        <source>row %1, column %2: %3</source>
        <translation>行 %1，列 %2：%3</translation>
    </message>
    <message>
        <source>New number</source>
        <translation>新数值</translation>
    </message>
    <message>
        <source>bias</source>
        <translation>偏置</translation>
    </message>
</context>
<context>
    <name>rp::ui::KernelView</name>
    <message>
        <source>fused kernel</source>
        <translation>融合核</translation>
    </message>
    <message>
        <source>as the file holds it</source>
        <translation>文件中的原样</translation>
    </message>
    <message>
        <source>%1 of Σ|K|</source>
        <translation>占 Σ|K| 的 %1</translation>
    </message>
    <message>
        <source>folded in float64</source>
        <translation>以 float64 折叠</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation>步骤 %1</translation>
    </message>
    <message>
        <source>&amp;Output channel</source>
        <translation>输出通道(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Input channel</source>
        <translation>输入通道(&amp;I)</translation>
    </message>
    <message>
        <source>one slice</source>
        <translation>单个切片</translation>
    </message>
    <message>
        <source>norm by position</source>
        <translation>按位置的范数</translation>
    </message>
    <message>
        <source>The numbers of one output and input channel, or how much each position of the window counts: √Σ K² over all channels</source>
        <translation>一个输出通道与输入通道的数值，或窗口各位置的权重大小：对所有通道的 √Σ K²</translation>
    </message>
    <message>
        <source>&amp;Show</source>
        <translation>显示(&amp;S)</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Formula</source>
        <translation>公式</translation>
    </message>
    <message>
        <source>From → to</source>
        <translation>从 → 到</translation>
    </message>
    <message>
        <source>Steps of the derivation</source>
        <translation>推导步骤</translation>
    </message>
    <message>
        <source>The file holds the fused kernel only; its branches cannot be told from it.</source>
        <translation>文件只含融合核，无法由此得知其分支。</translation>
    </message>
    <message>
        <source>Exact inside; a border of %1 pixels differs: %2</source>
        <translation>内部精确；%1 像素的边界有差异：%2</translation>
    </message>
    <message>
        <source>Exact everywhere. K = Σ of the branches' kernels, b = Σ of their biases.</source>
        <translation>处处精确。K = 各分支卷积核之 Σ，b = 其偏置之 Σ。</translation>
    </message>
    <message>
        <source>Computing…</source>
        <translation>计算中…</translation>
    </message>
    <message>
        <source>No block is selected.</source>
        <translation>未选择块。</translation>
    </message>
</context>
<context>
    <name>rp::ui::LessonStage</name>
    <message>
        <source>The lesson asks for "%1 %2", which is not to be had here.</source>
        <translation>课程需要“%1 %2”，此处无法提供。</translation>
    </message>
</context>
<context>
    <name>rp::ui::LessonView</name>
    <message>
        <source>Lesson</source>
        <translation>课程</translation>
    </message>
    <message>
        <source>Progress of the lesson</source>
        <translation>课程进度</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>上一步(&amp;B)</translation>
    </message>
    <message>
        <source>Ne&amp;xt</source>
        <translation>下一步(&amp;X)</translation>
    </message>
    <message>
        <source>No lessons are installed</source>
        <translation>未安装课程</translation>
    </message>
    <message>
        <source>Choose a lesson…</source>
        <translation>选择课程…</translation>
    </message>
    <message>
        <source>A file that cannot be read</source>
        <translation>无法读取的文件</translation>
    </message>
    <message>
        <source>Short tours through the window. Each step shows what it speaks of.</source>
        <translation>窗口的简短导览。每一步都会显示所讲的内容。</translation>
    </message>
    <message>
        <source>What to look for:</source>
        <translation>观察要点：</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
</context>
<context>
    <name>rp::ui::MainWindow</name>
    <message>
        <source>Main</source>
        <translation>主窗口</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>Diagram</source>
        <translation>结构图</translation>
    </message>
    <message>
        <source>Activations</source>
        <translation>激活</translation>
    </message>
    <message>
        <source>Kernel</source>
        <translation>卷积核</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Difference along the depth</source>
        <translation>沿深度的差异</translation>
    </message>
    <message>
        <source>Top 5 in each phase</source>
        <translation>各阶段前 5 名</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>Repscope</source>
        <translation>Repscope</translation>
    </message>
    <message>
        <source>%1 - Repscope</source>
        <translation>%1 - Repscope</translation>
    </message>
    <message>
        <source>Input: %1, %2</source>
        <translation>输入：%1，%2</translation>
    </message>
    <message>
        <source>exact everywhere</source>
        <translation>处处精确</translation>
    </message>
    <message>
        <source>deploy form</source>
        <translation>deploy 形式</translation>
    </message>
    <message>
        <source>exact inside, rim of %1 px</source>
        <translation>内部精确，边界 %1 px</translation>
    </message>
    <message>
        <source>not merged: %1</source>
        <translation>未融合：%1</translation>
    </message>
    <message>
        <source>Pixel</source>
        <translation>像素</translation>
    </message>
    <message>
        <source>Blocks</source>
        <translation>块</translation>
    </message>
    <message>
        <source>Anatomy</source>
        <translation>剖析</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>总览</translation>
    </message>
    <message>
        <source>Swipe</source>
        <translation>滑动对比</translation>
    </message>
    <message>
        <source>Derivation</source>
        <translation>推导</translation>
    </message>
    <message>
        <source>Break it</source>
        <translation>弄坏它</translation>
    </message>
    <message>
        <source>Playground</source>
        <translation>试验台</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Lessons</source>
        <translation>课程</translation>
    </message>
    <message>
        <source>&amp;Lessons</source>
        <translation>课程(&amp;L)</translation>
    </message>
</context>
<context>
    <name>rp::ui::MapPair</name>
    <message>
        <source>sum, phase %1</source>
        <translation>和，阶段 %1</translation>
    </message>
    <message>
        <source>Open a model to compare its maps.</source>
        <translation>请打开模型以比较其特征图。</translation>
    </message>
    <message>
        <source>Computing…</source>
        <translation>计算中…</translation>
    </message>
    <message>
        <source>No block is selected.</source>
        <translation>未选择块。</translation>
    </message>
</context>
<context>
    <name>rp::ui::MapPane</name>
    <message>
        <source>Feature map %1, %2</source>
        <translation>特征图 %1，%2</translation>
    </message>
    <message>
        <source>Picture %1, %2</source>
        <translation>图像 %1，%2</translation>
    </message>
    <message>
        <source>, channel %1</source>
        <translation>，通道 %1</translation>
    </message>
    <message>
        <source>, zoom %1×</source>
        <translation>，缩放 %1×</translation>
    </message>
    <message>
        <source>channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>least</source>
        <translation>最小</translation>
    </message>
    <message>
        <source>largest</source>
        <translation>最大</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>均值</translation>
    </message>
    <message>
        <source>deviation</source>
        <translation>标准差</translation>
    </message>
    <message>
        <source>not finite</source>
        <translation>非有限</translation>
    </message>
    <message>
        <source>no element is chosen</source>
        <translation>未选择元素</translation>
    </message>
    <message>
        <source>channel %1, row %2, column %3: %4</source>
        <translation>通道 %1，行 %2，列 %3：%4</translation>
    </message>
</context>
<context>
    <name>rp::ui::OutputView</name>
    <message>
        <source>Computing…</source>
        <translation>计算中…</translation>
    </message>
    <message>
        <source>There are no two pictures to compare.</source>
        <translation>没有可供比较的两幅图像。</translation>
    </message>
    <message>
        <source>Δ %1 − %2</source>
        <translation>Δ %1 − %2</translation>
    </message>
    <message>
        <source>± %1</source>
        <translation>± %1</translation>
    </message>
    <message>
        <source>Both pictures are equal in all %L1 values.</source>
        <translation>两幅图像的全部 %L1 个值均相等。</translation>
    </message>
    <message>
        <source>Where the pictures differ, one of them is not finite.</source>
        <translation>在图像不同之处，其中一幅的值非有限。</translation>
    </message>
    <message>
        <source>Largest |Δ| %1 at channel %2, y %3, x %4; PSNR %5 dB; rounded to 8 bits, %L6 of %L7 values differ</source>
        <translation>最大 |Δ| %1，位于通道 %2，y %3，x %4；PSNR %5 dB；舍入到 8 位后，%L7 个值中有 %L6 个不同</translation>
    </message>
    <message>
        <source>not finite</source>
        <translation>非有限</translation>
    </message>
</context>
<context>
    <name>rp::ui::OverviewCanvas</name>
    <message>
        <source>Overview of the network</source>
        <translation>网络总览</translation>
    </message>
</context>
<context>
    <name>rp::ui::OverviewView</name>
    <message>
        <source>&amp;Colour</source>
        <translation>颜色(&amp;C)</translation>
    </message>
    <message>
        <source>The file holds no blocks.</source>
        <translation>文件中没有块。</translation>
    </message>
    <message>
        <source>Open a model to see the network.</source>
        <translation>请打开模型以查看网络。</translation>
    </message>
    <message>
        <source>height: resolution, width: channels, to scale</source>
        <translation>高：分辨率，宽：通道，按比例</translation>
    </message>
</context>
<context>
    <name>rp::ui::PixelProbe</name>
    <message>
        <source>Open a model, then click an element in the activations.</source>
        <translation>请打开模型，然后单击激活中的元素。</translation>
    </message>
    <message>
        <source>Computing…</source>
        <translation>计算中…</translation>
    </message>
    <message>
        <source>No block is selected.</source>
        <translation>未选择块。</translation>
    </message>
</context>
<context>
    <name>rp::ui::PixelSheet</name>
    <message>
        <source>Products of one input channel</source>
        <translation>一个输入通道的乘积</translation>
    </message>
    <message>
        <source>input, channel %1</source>
        <translation>输入，通道 %1</translation>
    </message>
    <message>
        <source>kernel</source>
        <translation>卷积核</translation>
    </message>
    <message>
        <source>products</source>
        <translation>乘积</translation>
    </message>
    <message>
        <source>y %1…, x %2…</source>
        <translation>y %1…，x %2…</translation>
    </message>
    <message>
        <source>channel %1 → %2</source>
        <translation>通道 %1 → %2</translation>
    </message>
    <message>
        <source>kernel × input</source>
        <translation>卷积核 × 输入</translation>
    </message>
    <message>
        <source>add up to</source>
        <translation>合计</translation>
    </message>
    <message>
        <source>by branch, in float64</source>
        <translation>按分支，float64</translation>
    </message>
    <message>
        <source>fused kernel</source>
        <translation>融合核</translation>
    </message>
    <message>
        <source>channel %1</source>
        <translation>通道 %1</translation>
    </message>
    <message>
        <source>all %1 channels</source>
        <translation>全部 %1 个通道</translation>
    </message>
    <message>
        <source>bias</source>
        <translation>偏置</translation>
    </message>
    <message>
        <source>value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>tap %1, %2 at y %3, x %4: %5</source>
        <translation>抽头 %1，%2 位于 y %3，x %4：%5</translation>
    </message>
    <message>
        <source>tap %1, %2 lies in the padding: 0</source>
        <translation>抽头 %1，%2 位于填充中：0</translation>
    </message>
</context>
<context>
    <name>rp::ui::PixelView</name>
    <message>
        <source>Output &amp;channel</source>
        <translation>输出通道(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;y</source>
        <translation>&amp;y</translation>
    </message>
    <message>
        <source>&amp;x</source>
        <translation>&amp;x</translation>
    </message>
    <message>
        <source>Input channels, those that count most first</source>
        <translation>输入通道，影响最大者在前</translation>
    </message>
    <message>
        <source>What each input channel adds, by branch; those that count most first</source>
        <translation>各输入通道按分支的贡献；影响最大者在前</translation>
    </message>
    <message>
        <source>%1 = %2.  Fused kernel, rounded to float32: %3, Δ %4.</source>
        <translation>%1 = %2。  融合核，舍入为 float32：%3，Δ %4。</translation>
    </message>
    <message>
        <source>%1.  Rounded to float32: %2, Δ %3.</source>
        <translation>%1。  舍入为 float32：%2，Δ %3。</translation>
    </message>
    <message>
        <source>The file's kernel gives %1.</source>
        <translation>文件中的卷积核得出 %1。</translation>
    </message>
    <message>
        <source>  The map of phase %1, %2, holds %3 (%4 away).</source>
        <translation>  阶段 %1 的特征图（%2）为 %3（相差 %4）。</translation>
    </message>
    <message>
        <source>  Phase train normalizes with the statistics of this input; the kernels shown hold the running ones.</source>
        <translation>  阶段 train 以此输入的统计量归一化；所示卷积核含运行统计量。</translation>
    </message>
    <message>
        <source>  This element lies on the border where the branches themselves give something else.</source>
        <translation>  此元素位于边界上，此处各分支本身给出不同的值。</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>fused</source>
        <translation>融合</translation>
    </message>
    <message>
        <source>X or Ctrl+click in a map explains its element</source>
        <translation>在图中按 X 或 Ctrl+单击可解释该元素</translation>
    </message>
</context>
<context>
    <name>rp::ui::Playground</name>
    <message>
        <source>A finite number is expected.</source>
        <translation>应为有限的数。</translation>
    </message>
    <message>
        <source>A number of at most 1e12 is expected.</source>
        <translation>应为不超过 1e12 的数。</translation>
    </message>
    <message>
        <source>A variance cannot be negative: %1</source>
        <translation>方差不能为负：%1</translation>
    </message>
    <message>
        <source>eps cannot be negative: %1</source>
        <translation>eps 不能为负：%1</translation>
    </message>
    <message>
        <source>var + ε must be larger than zero: it is divided by its root.</source>
        <translation>var + ε 必须大于零：要除以其平方根。</translation>
    </message>
    <message>
        <source>Not a number: %1</source>
        <translation>不是数：%1</translation>
    </message>
    <message>
        <source>a number of %1</source>
        <translation>%1 的数值</translation>
    </message>
    <message>
        <source>reset</source>
        <translation>重置</translation>
    </message>
</context>
<context>
    <name>rp::ui::PlaygroundView</name>
    <message>
        <source>Example</source>
        <translation>示例</translation>
    </message>
    <message>
        <source>RepVGG block: 3x3, 1x1, identity</source>
        <translation>RepVGG 块：3x3、1x1、恒等</translation>
    </message>
    <message>
        <source>1x1, then a zero padded 3x3</source>
        <translation>1x1，然后零填充的 3x3</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>Re&amp;do</source>
        <translation>重做(&amp;D)</translation>
    </message>
    <message>
        <source>Re&amp;set</source>
        <translation>重置(&amp;S)</translation>
    </message>
    <message>
        <source>input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>%1, folded and embedded</source>
        <translation>%1，已折叠并嵌入</translation>
    </message>
    <message>
        <source>fused kernel</source>
        <translation>融合核</translation>
    </message>
    <message>
        <source>fused bias</source>
        <translation>融合偏置</translation>
    </message>
    <message>
        <source>output of the branches</source>
        <translation>各分支的输出</translation>
    </message>
    <message>
        <source>output of the fused kernel</source>
        <translation>融合核的输出</translation>
    </message>
    <message>
        <source>difference, at most %1</source>
        <translation>差异，至多 %1</translation>
    </message>
    <message>
        <source>Exact inside, the border of %1 px differs: %2</source>
        <translation>内部精确，%1 px 的边界有差异：%2</translation>
    </message>
    <message>
        <source>Exact everywhere: what differs is the rounding of the stored kernel to float32.</source>
        <translation>处处精确：差异仅来自所存卷积核舍入为 float32。</translation>
    </message>
</context>
<context>
    <name>rp::ui::PositionNorms</name>
    <message>
        <source>Norm of every kernel position, by block</source>
        <translation>按块的各卷积核位置的范数</translation>
    </message>
</context>
<context>
    <name>rp::ui::RangeLegend</name>
    <message>
        <source>From %1 (blue) over zero (white) to %2 (red)</source>
        <translation>从 %1（蓝）经零（白）到 %2（红）</translation>
    </message>
    <message>
        <source>From %1 (dark) to %2 (bright)</source>
        <translation>从 %1（暗）到 %2（亮）</translation>
    </message>
    <message>
        <source>; magenta is NaN or infinite. The largest magnitude is %1; the outermost 0.5 % share the end colours.</source>
        <translation>；品红色为 NaN 或无穷。最大绝对值为 %1；最外侧的 0.5 % 共用两端颜色。</translation>
    </message>
    <message>
        <source>Every channel spans the whole scale on its own: colours of two channels cannot be compared.</source>
        <translation>每个通道各自占满整个色标：两个通道的颜色不可比较。</translation>
    </message>
    <message>
        <source>low</source>
        <translation>低</translation>
    </message>
    <message>
        <source>high</source>
        <translation>高</translation>
    </message>
</context>
<context>
    <name>rp::ui::RecentMenu</name>
    <message>
        <source>None yet</source>
        <translation>尚无</translation>
    </message>
    <message>
        <source>Forget all</source>
        <translation>全部清除</translation>
    </message>
    <message>
        <source>Forget those that are gone</source>
        <translation>清除已不存在的项</translation>
    </message>
</context>
<context>
    <name>rp::ui::ScatterPlot</name>
    <message>
        <source>One computation against the other</source>
        <translation>一种计算对另一种计算</translation>
    </message>
    <message numerus="yes">
        <source>%n points</source>
        <translation>
            <numerusform>%n 个点</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>rp::ui::SessionMenu</name>
    <message>
        <source>Sessions (*.repscope)</source>
        <translation>会话 (*.repscope)</translation>
    </message>
    <message>
        <source>Open session</source>
        <translation>打开会话</translation>
    </message>
    <message>
        <source>Save session</source>
        <translation>保存会话</translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation>已保存 %1</translation>
    </message>
    <message>
        <source>the last session</source>
        <translation>上次会话</translation>
    </message>
</context>
<context>
    <name>rp::ui::SettingsBar</name>
    <message>
        <source>float32: as users' runtimes compute. float64: the reference.</source>
        <translation>float32：与用户运行环境的计算方式相同。float64：参考。</translation>
    </message>
    <message>
        <source>How each block is switched between its two computations</source>
        <translation>各块如何在其两种计算之间切换</translation>
    </message>
    <message>
        <source>&amp;Engine</source>
        <translation>引擎(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Dispatch</source>
        <translation>分派(&amp;D)</translation>
    </message>
    <message>
        <source>Phase</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>Branches, with the statistics of this input (1)</source>
        <translation>各分支，使用此输入的统计量 (1)</translation>
    </message>
    <message>
        <source>Branches, with running statistics (2)</source>
        <translation>各分支，使用运行统计量 (2)</translation>
    </message>
    <message>
        <source>Fused kernels (3)</source>
        <translation>融合核 (3)</translation>
    </message>
</context>
<context>
    <name>rp::ui::SpreadPlot</name>
    <message>
        <source>Histogram of the weights</source>
        <translation>权重直方图</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>权重数</translation>
    </message>
</context>
<context>
    <name>rp::ui::SwipePane</name>
    <message>
        <source>Swipe line</source>
        <translation>滑动分界线</translation>
    </message>
    <message>
        <source>A at the left, B at the right: drag, or use the arrow keys</source>
        <translation>A 在左，B 在右：拖动或使用方向键</translation>
    </message>
</context>
<context>
    <name>rp::ui::SwipeView</name>
    <message>
        <source>&amp;A, left</source>
        <translation>A，左(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;B, right</source>
        <translation>B，右(&amp;B)</translation>
    </message>
    <message>
        <source>%1 is %2, %3 is %4: there is no difference by element.</source>
        <translation>%1 为 %2，%3 为 %4：无法逐元素求差异。</translation>
    </message>
</context>
<context>
    <name>rp::ui::TopModel</name>
    <message>
        <source>the output is a picture, see the tab Output</source>
        <translation>输出是图像，见“输出”标签页</translation>
    </message>
    <message>
        <source>the output holds no class scores</source>
        <translation>输出不含类别得分</translation>
    </message>
    <message>
        <source>not available</source>
        <translation>不可用</translation>
    </message>
    <message>
        <source>%1 (class %2): probability %3, score %4</source>
        <translation>%1（类别 %2）：概率 %3，得分 %4</translation>
    </message>
    <message>
        <source>branches with the statistics of this input</source>
        <translation>使用此输入统计量的各分支</translation>
    </message>
    <message>
        <source>branches with running statistics</source>
        <translation>使用运行统计量的各分支</translation>
    </message>
    <message>
        <source>fused kernels</source>
        <translation>融合核</translation>
    </message>
</context>
<context>
    <name>rp::ui::TopView</name>
    <message>
        <source>Best classes of each phase</source>
        <translation>各阶段的最佳类别</translation>
    </message>
    <message>
        <source>Phase %1 has none, see Problems</source>
        <translation>阶段 %1 没有，见“问题”</translation>
    </message>
</context>
<context>
    <name>rp::ui::VerdictBanner</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>rp::ui::WeightsBox</name>
    <message>
        <source>Wei&amp;ghts</source>
        <translation>权重(&amp;G)</translation>
    </message>
    <message>
        <source>The file holds several sets of weights; another one is read at once</source>
        <translation>文件含多个权重组；选择另一组会立即读取</translation>
    </message>
    <message>
        <source>the file itself</source>
        <translation>文件本身</translation>
    </message>
</context>
</TS>
